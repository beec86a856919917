import { expect, test, vi } from 'vitest'
import { createCache, LarderError } from '../../src/index'
import { createEmitter } from '../../src/telemetry/emitter'
import { logEvents } from '../../src/telemetry/log-events'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const fakeLogger = () => ({ info: vi.fn(), warn: vi.fn(), error: vi.fn() })

/** A logger of a cache whose events the test emits, and the lines that it got so far. */
function startLogging() {
  const emitter = createEmitter('shop', () => undefined)
  const clock = manualClock()
  const lines: string[] = []
  const write = (level: string) => (_fields: object, message: string) =>
    void lines.push(`${level}: ${message}`)
  const logger = { info: vi.fn(write('info')), warn: vi.fn(write('warn')), error: vi.fn(write('error')) }
  const stop = logEvents(emitter, 'shop', clock, logger)
  const fail = (operation = 'redis get') =>
    emitter.emit('error', { operation, error: new Error('connection lost') })
  return { emitter, clock, lines, logger, stop, fail }
}

test('an outage has a line when it begins, and a line with its duration and count when it has ended', async () => {
  const { emitter, clock, lines, logger, fail } = startLogging()
  for (let second = 0; second < 60; second += 1) {
    for (const operation of ['redis get', 'redis log', 'connection']) fail(operation)
    if (second === 2)
      for (const part of ['entries', 'log', 'leases'])
        emitter.emit('circuit', { tier: `redis (${part})`, state: 'open', duration: 0, flaps: 0 })
    await clock.advance(1_000)
  }
  emitter.emit('circuit', { tier: 'redis (log)', state: 'closed', duration: 58_000, flaps: 50 })
  await clock.advance(60_000)
  expect(lines).toEqual([
    'error: redis get failed: connection lost',
    'info: the store: no failure for 10 s, after 183 in 59 s',
  ])
  expect(logger.info).toHaveBeenCalledExactlyOnceWith(
    { cache: 'shop', duration: 59_000, count: 183 },
    expect.any(String),
  )
})

test('a second outage, and a failure that does not repeat, begin with a line of their own', async () => {
  const { clock, lines, fail } = startLogging()
  fail()
  await clock.advance(10_000)
  fail()
  fail()
  await clock.advance(10_000)
  expect(lines).toEqual([
    'error: redis get failed: connection lost',
    'error: redis get failed: connection lost',
    'info: the store: no failure for 10 s, after 2 in 0 s',
  ])
})

test('an outage that begins amid rare failures has a line, and only one', async () => {
  const { emitter, clock, lines, fail } = startLogging()
  for (let times = 0; times < 5; times += 1) {
    fail()
    await clock.advance(5_000)
  }
  for (const part of ['entries', 'log'])
    emitter.emit('circuit', { tier: `redis (${part})`, state: 'open', duration: 0, flaps: 0 })
  expect(lines).toEqual([
    'error: redis get failed: connection lost',
    'warn: redis (entries) fails; its circuit breaker is open',
  ])
})

test('failures of the application are not part of an outage of the store', () => {
  const { lines, fail } = startLogging()
  for (const operation of ['redis get', 'follow', 'follow', 'afterCommit']) fail(operation)
  expect(lines).toEqual([
    'error: redis get failed: connection lost',
    'error: follow failed: connection lost',
    'error: afterCommit failed: connection lost',
  ])
})

test('entries that cannot be read have a line for each tier and reason', async () => {
  const { emitter, clock, lines } = startLogging()
  for (const key of ['a', 'b', 'c']) emitter.emit('unreadable', { key, tier: 'redis', reason: 'seal-broken' })
  emitter.emit('unreadable', { key: 'd', tier: 'redis', reason: 'garbage' })
  for (const key of ['a', 'b']) emitter.emit('mismatch', { key, age: 1, tags: [] })
  emitter.emit('diverged', { reissued: 2 })
  await clock.advance(10_000)
  expect(lines).toEqual([
    'warn: an entry in redis cannot be read: seal-broken',
    'warn: an entry in redis cannot be read: garbage',
    'warn: an audit found an entry that differs from its source',
    'warn: the log had lost records; 2 were appended again',
    'info: entries in redis that cannot be read (seal-broken): no failure for 10 s, after 3 in 0 s',
    'info: entries that differ from their source: no failure for 10 s, after 2 in 0 s',
  ])
})

test('a closed cache does not log the end of an outage, because it cannot know it', async () => {
  const { clock, lines, stop, fail } = startLogging()
  fail()
  fail()
  stop()
  await clock.advance(60_000)
  expect(lines).toEqual(['error: redis get failed: connection lost'])
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
    'a listener of "miss" failed: broken listener',
  )
  await cache.close()
})

test('an object that is no logger is refused with what it needs', () => {
  const create = () =>
    createCache({ name: 'shop', store: mapStore(), logger: { warn: () => undefined } as never })
  expect(create).toThrow(LarderError)
  expect(create).toThrow(/logger.*pino\(\)/)
})
