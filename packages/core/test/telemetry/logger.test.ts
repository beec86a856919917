import { expect, test, vi } from 'vitest'
import { createCache, LarderError } from '../../src/index'
import { createEmitter } from '../../src/telemetry/emitter'
import { logEvents } from '../../src/telemetry/log-events'
import { mapStore } from '../support/map-tier'

const fakeLogger = () => ({ info: vi.fn(), warn: vi.fn(), error: vi.fn() })

test('a logger gets failures, circuit breakers, damaged entries and a log that lost records', () => {
  const emitter = createEmitter('shop')
  const logger = fakeLogger()
  logEvents(emitter, 'shop', logger)
  const failure = new Error('connection lost')
  emitter.emit('error', { operation: 'subscribe', error: failure })
  emitter.emit('circuit', { tier: 'redis', state: 'open', duration: 0, flaps: 0 })
  emitter.emit('circuit', { tier: 'redis', state: 'closed', duration: 900, flaps: 2 })
  emitter.emit('unreadable', { key: 'k', tier: 'redis', reason: 'garbage' })
  emitter.emit('diverged', { reissued: 2 })
  expect(logger.error.mock.calls).toEqual([
    [{ cache: 'shop', operation: 'subscribe', err: failure }, 'subscribe failed: connection lost'],
  ])
  expect(logger.info.mock.calls).toEqual([
    [{ cache: 'shop', tier: 'redis', duration: 900, flaps: 2 }, 'redis works again'],
  ])
  expect(logger.warn.mock.calls.map(([, message]) => message)).toEqual([
    'redis fails; its circuit breaker is open',
    'an entry in redis cannot be read: garbage',
    'the log had lost records; 2 were appended again',
  ])
})

test('a cache passes its warnings to its logger, and stops when it is closed', async () => {
  const logger = fakeLogger()
  const cache = createCache({ name: 'shop', store: mapStore(), logger })
  cache.on('miss', () => {
    throw new Error('broken listener')
  })
  await cache.get('k')
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
    { cache: 'shop' },
    'A listener of "miss" failed: broken listener',
  )
  await cache.close()
})

test('an object that is no logger is refused with what it needs', () => {
  const create = () =>
    createCache({ name: 'shop', store: mapStore(), logger: { warn: () => undefined } as never })
  expect(create).toThrow(LarderError)
  expect(create).toThrow(/logger.*pino\(\)/)
})
