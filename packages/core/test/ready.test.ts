import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCache, type Store } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

afterEach(() => void vi.restoreAllMocks())

test('a cache in memory is ready at once', async () => {
  await createCache({ name: 'test', store: mapStore(), clock: manualClock() }).ready()
})

test('ready waits until the store has answered', async () => {
  const clock = manualClock()
  const wire = createWire()
  wire.mode = 'fail'
  const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire }), clock })
  const states: string[] = []
  const ready = cache.ready().then(() => states.push('ready'))
  await clock.advance(3_000)
  expect(states).toEqual([])
  wire.mode = 'work'
  await clock.advance(3_000)
  await ready
  expect(states).toEqual(['ready'])
  await cache.close()
})

test('ready rejects if the store does not answer in time, and says that the cache works without it', async () => {
  const clock = manualClock()
  const wire = createWire()
  wire.mode = 'fail'
  const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire }), clock })
  const ready = expect(cache.ready({ timeout: '1s' })).rejects.toMatchObject({
    code: 'STORE_TIMEOUT',
    message: expect.stringContaining('did not answer within 1000 ms'),
  })
  await clock.advance(3_000)
  await ready
  await expect(cache.ready({ timout: 5 } as never)).rejects.toThrow(
    'ready has no option "timout". Write timeout.',
  )
})

/** A store whose connection fails three times. */
const failingStore = (): Store => ({
  open(context) {
    for (const attempt of [1, 2, 3]) context.report(new Error(`connect ECONNREFUSED ${attempt}`))
    return mapStore().open(context)
  },
})

describe('a store that cannot be reached', () => {
  const printed = ['The cache "shop": the store failed: connect ECONNREFUSED 1.', 'LarderWarning']
  const emitWarning = vi.fn()
  beforeEach(
    () => void vi.spyOn(process, 'emitWarning').mockReset().mockImplementation(emitWarning.mockReset()),
  )

  test('is one warning of the process', () => {
    createCache({ name: 'shop', store: failingStore(), clock: manualClock() })
    expect(emitWarning.mock.calls).toEqual([printed])
  })

  test('is that also while somebody observes the errors of the cache', () => {
    const observed: unknown[] = []
    const observe = (event: unknown) => void observed.push(event)
    subscribe('larder:error', observe)
    createCache({ name: 'shop', store: failingStore(), clock: manualClock() })
    unsubscribe('larder:error', observe)
    expect(observed).toHaveLength(3)
    expect(emitWarning.mock.calls).toEqual([printed])
  })

  test('is only logged if the cache has a logger', () => {
    const lines: string[] = []
    const log = (_: object, message: string) => void lines.push(message)
    createCache({
      name: 'shop',
      store: failingStore(),
      clock: manualClock(),
      logger: { info: log, warn: log, error: log },
    })
    expect(lines).toEqual(['connection failed: connect ECONNREFUSED 1'])
    expect(emitWarning).not.toHaveBeenCalled()
  })
})
