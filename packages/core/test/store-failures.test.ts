import { describe, expect, test } from 'vitest'
import type { LocalEntry } from '../src/entry/entry'
import { createCache, type SharedTier } from '../src/index'
import { createSharedTierClient } from '../src/storage/shared-tier-client'
import { alteredStore } from './support/altered-store'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

async function subject(mode: 'fail' | 'hang', options: { local?: boolean } = {}) {
  const clock = manualClock()
  const own = createWire()
  const world = createWorld(clock)
  const cache = createCache({
    name: 'test',
    store: world.store({ ...options, wire: own }),
    clock,
    storeTimeout: 100,
  })
  await clock.advance(1_000)
  own.mode = mode
  return { clock, cache, own, world }
}

describe.each(['fail', 'hang'] as const)('a store whose calls %s', (mode) => {
  test('delays a caller by its timeouts at most, and never fails the call', async () => {
    const { cache, clock } = await subject(mode, { local: false })
    const before = clock.monotonic()
    let settledAt = Number.NaN
    const call = cache
      .getOrCompute('k', () => 'from the source')
      .then((value) => {
        settledAt = clock.monotonic()
        return value
      })
    await clock.advance(2_000)
    expect(await call).toBe('from the source')
    // The lookup and the lease request; no caller waits for the write.
    expect(settledAt - before).toBeLessThanOrEqual(200)
  })

  test('is not called after a few failures, and called again after circuitPause', async () => {
    const { cache, clock, own } = await subject(mode, { local: false })
    const states: string[] = []
    cache.on('circuit', ({ tier, state }) => tier.includes('entries') && states.push(state))
    for (let at = 0; at < 10; at += 1) {
      void cache.getOrCompute(`k${at}`, () => at)
      await clock.advance(300)
    }
    const asked = own.calls.get ?? 0
    expect(asked).toBeLessThan(10)
    own.mode = 'work'
    await clock.advance(3_000)
    await cache.getOrCompute('later', () => 1)
    await clock.advance(2_000)
    expect(states[0]).toBe('open')
    expect(states.at(-1)).toBe('closed')
  })

  test('has an open circuit only until circuitPause is over, even without another call', async () => {
    const { cache, clock, own } = await subject(mode, { local: false })
    const openCircuits = () => cache.stats().circuits.filter(({ state }) => state === 'open').length
    for (let at = 0; at < 10; at += 1) void cache.getOrCompute(`k${at}`, () => at)
    await clock.advance(600)
    expect(openCircuits()).toBeGreaterThan(0)
    own.mode = 'work'
    await clock.advance(5_000)
    expect(openCircuits()).toBe(0)
  })

  test('counts one error per failed call, and none for calls that the circuit rejected', async () => {
    const { cache, clock, own } = await subject(mode, { local: false })
    const callsBefore = Object.values(own.calls).reduce((sum, calls) => sum + calls, 0)
    for (let at = 0; at < 40; at += 1) {
      void cache.getOrCompute(`k${at}`, () => at)
      await clock.advance(20)
    }
    await clock.advance(1_000)
    const calls = Object.values(own.calls).reduce((sum, calls) => sum + calls, 0) - callsBefore
    expect(cache.stats().errors).toBeLessThanOrEqual(calls)
  })

  test('makes write methods resolve as queued', async () => {
    const { cache, clock } = await subject(mode)
    const answers = Promise.all([cache.set('k', 1), cache.delete('k'), cache.invalidate('t'), cache.clear()])
    await clock.advance(1_000)
    expect((await answers).map(({ outcome }) => outcome)).toEqual(['queued', 'queued', 'queued', 'queued'])
    const later = cache.get('k')
    await clock.advance(1_000)
    expect(await later).toBeUndefined()
  })

  test('is reported by events, without unhandled rejections', async () => {
    const { cache, clock } = await subject(mode)
    const errors: string[] = []
    cache.on('error', ({ operation }) => errors.push(operation))
    void cache.get('k')
    await clock.advance(1_000)
    expect(errors.length).toBeGreaterThan(0)
    const closing = cache.close()
    await clock.advance(1_000)
    await closing
  })
})

test('a delete succeeds once its record is on the log, even if the entry cannot be removed', async () => {
  const clock = manualClock()
  const remove = () => Promise.reject(new Error('the entry stays'))
  const store = alteredStore(createWorld(clock).store(), () => ({ delete: remove }))
  const cache = createCache({ name: 'test', store, clock })
  await clock.advance(1_000)
  await cache.set('k', 1)
  expect((await cache.delete('k')).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
})

test('a tier whose answer is not an array is a miss, and is reported', async () => {
  const clock = manualClock()
  const get = async () => undefined as never
  const store = alteredStore(createWorld(clock).store({ local: false }), () => ({ get }))
  const cache = createCache({ name: 'test', store, clock })
  await clock.advance(1_000)
  const errors: string[] = []
  cache.on('error', ({ operation, error }) => errors.push(`${operation}: ${error}`))
  const reads = [
    cache.getOrCompute('k', () => 'computed'),
    cache.get('k'),
    cache.getMany(['a', 'b']),
    cache.explain('k').then(({ reason }) => reason),
  ]
  await clock.advance(1_000)
  expect(await Promise.all(reads)).toEqual(['computed', undefined, [undefined, undefined], 'absent'])
  expect([...new Set(errors)]).toEqual([expect.stringMatching(/^world get: .*must resolve to an array/)])
})

describe('a value that cannot be serialized', () => {
  test('does not keep other values of the same call out of the shared tier, and is reported', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const cache = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    const warnings: string[] = []
    cache.on('warning', ({ message }) => warnings.push(message))
    await cache.setMany<unknown>([
      ['a', 1],
      ['b', () => 2],
      ['c', 3],
    ])
    expect([...world.entries.keys()]).toEqual(['a', 'c'])
    expect(warnings).toEqual([expect.stringMatching(/^the value of "b" is not written to world/)])
    await cache.close()
  })

  test('makes writeEntries resolve to false', async () => {
    const taken: string[][] = []
    const tier: Partial<SharedTier> = {
      set: async (writes) => void taken.push(writes.map(({ key }) => key)),
    }
    const encode = (entry: LocalEntry) => {
      if (entry.key === 'bad') throw new Error('has no form in bytes')
      return new Uint8Array(8)
    }
    const client = createSharedTierClient(
      { tier, policy: { execute: (_: string, call: () => unknown) => call() }, codec: { encode } } as never,
      { now: () => 0, recorder: { write: () => undefined, unwritten: () => undefined } } as never,
    )
    const write = (...keys: string[]) =>
      client.writeEntries(
        keys.map((key) => ({ key }) as LocalEntry),
        undefined,
        undefined,
      )
    expect([await write('good'), await write('good', 'bad'), await write('bad')]).toEqual([
      true,
      false,
      false,
    ])
    expect(taken).toEqual([['good'], ['good']])
  })
})

test('a sweep of a tier that does not answer ends at the store timeout', async () => {
  const clock = manualClock()
  const scan = () => new Promise<never>(() => undefined)
  const store = alteredStore(createWorld(clock).store(), () => ({ scan }))
  const cache = createCache({ name: 'test', store, clock, storeTimeout: 100 })
  await clock.advance(1_000)
  const sweep = cache.sweep().catch((error: unknown) => error)
  await clock.advance(100)
  expect(await sweep).toMatchObject({ code: 'STORE_TIMEOUT' })
})

describe('single-flight across processes', () => {
  function fleet(count: number) {
    const clock = manualClock()
    const world = createWorld(clock)
    const wires = Array.from({ length: count }, createWire)
    const caches = wires.map((own) =>
      createCache({ name: 'test', store: world.store({ wire: own }), clock, leaseTtl: 1_000 }),
    )
    return { clock, caches, wires }
  }

  test('lets one process compute, and the others get its value', async () => {
    const { clock, caches } = fleet(4)
    await clock.advance(1_000)
    let runs = 0
    const compute = async () => {
      runs += 1
      await new Promise<void>((resolve) => clock.timeout(50, resolve))
      return runs
    }
    const calls = caches.flatMap((cache) =>
      Array.from({ length: 250 }, () => cache.getOrCompute('k', compute)),
    )
    await clock.advance(200)
    expect(new Set(await Promise.all(calls))).toEqual(new Set([1]))
    expect(runs).toBe(1)
  })

  test('replaces a holder that dies when its lease expires', async () => {
    const { clock, caches, wires } = fleet(2)
    await clock.advance(1_000)
    const dead = caches[0]!.getOrCompute('k', () => new Promise<string>(() => undefined)).catch(() => 'dead')
    await clock.advance(10)
    wires[0]!.mode = 'hang'
    const alive = caches[1]!.getOrCompute('k', () => 'from the living')
    await clock.advance(1_500)
    expect(await alive).toBe('from the living')
    await clock.advance(60_000)
    await dead
  })

  test.each(['hang', 'fail'] as const)(
    'waits at most 500 ms for a holder whose calls %s from now on, with default options',
    async (mode) => {
      const clock = manualClock()
      const world = createWorld(clock)
      const wire = createWire()
      const [lost, waiting] = [wire, createWire()].map((own) =>
        createCache({ name: 'test', store: world.store({ wire: own }), clock }),
      )
      await clock.advance(1_000)
      const orphaned = lost!.getOrCompute(
        'k',
        () => new Promise<string>((resolve) => clock.timeout(5_000, () => resolve('late'))),
      )
      await clock.advance(350)
      wire.mode = mode
      const startedAt = clock.monotonic()
      const value = waiting!.getOrCompute('k', () => clock.monotonic() - startedAt)
      await clock.advance(1_000)
      expect(await value).toBeLessThanOrEqual(500)
      await clock.advance(60_000)
      expect(await orphaned).toBe('late')
    },
  )

  test('renews a lease for as long as its computation runs', async () => {
    const { clock, caches } = fleet(2)
    await clock.advance(1_000)
    let runs = 0
    const slow = async () => {
      runs += 1
      await new Promise<void>((resolve) => clock.timeout(5_000, resolve))
      return runs
    }
    const calls = caches.map((cache) => cache.getOrCompute('k', slow))
    await clock.advance(6_000)
    expect(await Promise.all(calls)).toEqual([1, 1])
  })

  test('does not make a caller after an invalidation wait for a holder from before it', async () => {
    const { clock, caches } = fleet(2)
    await clock.advance(1_000)
    const slow = caches[0]!.getOrCompute(
      'k',
      () => new Promise<string>((resolve) => clock.timeout(500, () => resolve('old'))),
      { tags: ['t'] },
    )
    await clock.advance(10)
    await caches[1]!.invalidate('t')
    const after = caches[1]!.getOrCompute('k', () => 'new', { tags: ['t'] })
    await clock.advance(50)
    expect(await after).toBe('new')
    await clock.advance(500)
    await slow
    expect(await caches[0]!.getOrCompute('k', () => 'unused', { tags: ['t'] })).toBe('new')
  })

  test('releases the lease if the value cannot be serialized', async () => {
    const { clock, caches } = fleet(2)
    await clock.advance(1_000)
    const compute = async () => {
      await new Promise<void>((resolve) => clock.timeout(100, resolve))
      return { greet: () => 'hello' }
    }
    let ended = 0
    const calls = caches.map((cache) =>
      cache.getOrCompute('k', compute).then((value) => {
        ended += 1
        return value.greet()
      }),
    )
    await clock.advance(400)
    expect(ended).toBe(2)
    expect(await Promise.all(calls)).toEqual(['hello', 'hello'])
  })

  test('does not queue processes for values that are not cacheable (hit-for-miss)', async () => {
    const { clock, caches } = fleet(4)
    await clock.advance(1_000)
    const compute = async () => {
      await new Promise<void>((resolve) => clock.timeout(100, resolve))
      return 'live'
    }
    const started = clock.monotonic()
    const calls = Promise.all(
      caches.map((cache) => cache.getOrCompute('k', compute, { cacheIf: () => false })),
    )
    let ended = Number.NaN
    void calls.then(() => {
      ended = clock.monotonic()
    })
    await clock.advance(2_000)
    // One computation whose value is not cacheable, then all others at once.
    expect(ended - started).toBeLessThanOrEqual(320)
  })
})
