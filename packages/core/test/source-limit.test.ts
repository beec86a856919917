import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { flushPromises, type ManualClock, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

type Options = Partial<Parameters<typeof createCache>[0]>

/** A cache without memory whose functions take 10 ms, and a count of those that run at the same time. */
async function createSubject({ clock: given, ...options }: Options) {
  const clock = (given ?? manualClock()) as ManualClock
  const wire = createWire()
  const store = createWorld(clock).store({ local: false, wire })
  const cache = createCache({ name: 'test', store, clock, ...options })
  await clock.advance(1_000)
  const source = { running: 0, most: 0, calls: 0 }
  async function load(): Promise<string> {
    source.calls += 1
    source.running += 1
    source.most = Math.max(source.most, source.running)
    await new Promise<void>((resolve) => clock.timeout(10, resolve))
    source.running -= 1
    return 'value'
  }
  const read = (key: string) => cache.getOrCompute(key, load).catch((error: { code?: string }) => error.code)
  return { clock, wire, cache, source, load, read }
}

const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `key ${index}`)

describe('maxConcurrentComputes', () => {
  test('bounds what the source sees when Redis is gone and a thousand keys are asked for at once', async () => {
    const { clock, wire, source, read } = await createSubject({ maxConcurrentComputes: 20 })
    wire.mode = 'fail'
    const values = Promise.all(keysOf(1_000).map(read))
    await clock.advance(2_000)
    expect(new Set(await values)).toEqual(new Set(['value']))
    expect(source).toMatchObject({ most: 20, calls: 1_000 })
  })

  test('refuses computations with SOURCE_BUSY beyond a thousand that wait, and counts them', async () => {
    const { clock, cache, source, read } = await createSubject({ maxConcurrentComputes: 5, errorTtl: '1m' })
    const outcomes: string[] = []
    cache.on('compute', ({ outcome }) => outcomes.push(outcome))
    const values = Promise.all(keysOf(1_010).map(read))
    await clock.advance(5_000)
    expect((await values).filter((value) => value === 'SOURCE_BUSY')).toHaveLength(5)
    expect(source.calls).toBe(1_005)
    expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(5)
    expect(cache.stats().computes).toMatchObject({ value: 1_005, busy: 5, error: 0 })
    const again = read('key 1009')
    await clock.advance(10)
    expect(await again).toBe('value')
  })

  test('serves a stale value instead of SOURCE_BUSY, if it may be served on an error', async () => {
    const { clock, cache, read } = await createSubject({
      maxConcurrentComputes: 1,
      ttl: '1s',
      staleIfError: '1h',
    })
    await cache.set('key', 'old')
    await clock.advance(2_000)
    const others = keysOf(1_001).map(read)
    await flushPromises()
    expect(await read('key')).toBe('old')
    await clock.advance(20_000)
    await Promise.all(others)
  })

  test('takes no second place for a computation inside another one, or for one that it joins while that waits', async () => {
    const { clock, cache, load } = await createSubject({ maxConcurrentComputes: 1 })
    const outer = cache.getOrCompute('outer', async () => {
      await new Promise<void>((resolve) => clock.timeout(50, resolve))
      return `${await cache.getOrCompute('waits', load)} ${await cache.getOrCompute('inside', load)}`
    })
    await clock.advance(5)
    const waits = cache.getOrCompute('waits', load)
    await clock.advance(200)
    expect(await outer).toBe('value value')
    expect(await waits).toBe('value')
    expect(await Promise.race([cache.getOrCompute('later', () => 1), clock.advance(100)])).toBe(1)
  })

  test('frees the place of a computation whose callers have left while it waits', async () => {
    const { clock, cache, source, load } = await createSubject({ maxConcurrentComputes: 1 })
    const first = cache.getOrCompute('first', load)
    const { signal } = new AbortController()
    const controller = new AbortController()
    const left = cache.getOrCompute('left', load, { signal: controller.signal }).catch(() => 'left')
    await clock.advance(5)
    controller.abort()
    await clock.advance(5)
    const last = cache.getOrCompute('last', load, { signal })
    await clock.advance(20)
    expect(await Promise.all([first, left, last])).toEqual(['value', 'left', 'value'])
    expect(source.calls).toBe(2)
  })

  const never = () => new Promise<never>(() => undefined)

  test('frees the place of a computation that never settles at its hardTimeout, and warns once', async () => {
    const options = { maxConcurrentComputes: 2, hardTimeout: '10s' } as const
    const { clock, cache, source, read } = await createSubject(options)
    const warnings: string[] = []
    cache.on('warning', ({ message }) => warnings.push(message))
    const hung = ['user(1)', 'user(2)'].map((key) => cache.getOrCompute(key, never).catch(({ code }) => code))
    await clock.advance(5_000)
    const waiting = Promise.all(['a', 'b', 'c'].map(read))
    await clock.advance(6_000)
    expect(await Promise.all(hung)).toEqual(['COMPUTE_TIMEOUT', 'COMPUTE_TIMEOUT'])
    expect(await waiting).toEqual(['value', 'value', 'value'])
    expect(source.most).toBe(2)
    expect(warnings).toEqual([expect.stringMatching(/"user\(1\)" took longer than 10000 ms .*ctx\.signal/)])
  })

  test('counts the hardTimeout of a place from the start of the computation, and not of its wait', async () => {
    const options = { maxConcurrentComputes: 1, hardTimeout: '10s' } as const
    const { clock, cache, source, read } = await createSubject(options)
    const first = cache.getOrCompute(
      'first',
      () => new Promise<void>((resolve) => clock.timeout(9_000, resolve)),
    )
    const second = cache.getOrCompute('second', never).catch((error) => error.code)
    await clock.advance(10_500)
    await first
    expect(await second).toBe('COMPUTE_TIMEOUT')
    const third = read('third')
    await clock.advance(8_000)
    expect(source.calls).toBe(0)
    await clock.advance(2_000)
    expect(await third).toBe('value')
  })

  test('frees a place once, although the computation settles after its hardTimeout', async () => {
    const options = { maxConcurrentComputes: 1, hardTimeout: '10s' } as const
    const { clock, cache, source, read } = await createSubject(options)
    const late = cache.getOrCompute(
      'late',
      () => new Promise<void>((resolve) => clock.timeout(15_000, resolve)),
    )
    late.catch(() => undefined)
    await clock.advance(5_000)
    const waiting = cache.getOrCompute('waits', never).catch(() => undefined)
    await clock.advance(11_000)
    const others = ['a', 'b'].map(read)
    await clock.advance(3_000)
    expect(source.calls).toBe(0)
    await clock.advance(10_000)
    expect(await Promise.all(others)).toEqual(['value', 'value'])
    expect(source.most).toBe(1)
    await waiting
  })

  test('keeps the place of a computation whose callers have left while it runs', async () => {
    const { clock, cache, source, read } = await createSubject({ maxConcurrentComputes: 1 })
    const controller = new AbortController()
    const left = cache.getOrCompute('left', never, { signal: controller.signal }).catch(() => 'left')
    await clock.advance(5)
    controller.abort()
    expect(await left).toBe('left')
    await clock.advance(9_000)
    const next = read('next')
    await clock.advance(20_000)
    expect(source.calls).toBe(0)
    await clock.advance(1_500)
    expect(await next).toBe('value')
  })

  test('frees the place of a getManyOrCompute that never settles', async () => {
    const options = { maxConcurrentComputes: 1, hardTimeout: '10s' } as const
    const { clock, cache, read } = await createSubject(options)
    const hung = cache.getManyOrCompute(keysOf(3), never).catch((error) => error.code)
    await clock.advance(5_000)
    const next = read('next')
    await clock.advance(6_000)
    expect(await Promise.all([hung, next])).toEqual(['COMPUTE_TIMEOUT', 'value'])
  })

  test('takes one place for all missing keys of getManyOrCompute', async () => {
    const { clock, cache, load } = await createSubject({ maxConcurrentComputes: 1 })
    const values = cache.getManyOrCompute(keysOf(50), async (keys) => {
      await load()
      return keys.map((key) => `${key} loaded`)
    })
    await clock.advance(100)
    expect(await values).toEqual(keysOf(50).map((key) => `${key} loaded`))
  })

  test('of a function bounds that function alone', async () => {
    const { clock, cache, source, load } = await createSubject({})
    const limited = cache.wrap(async (_id: number) => load(), { name: 'limited', maxConcurrentComputes: 3 })
    const calls = Promise.all(Array.from({ length: 30 }, (_, id) => limited(id)))
    await clock.advance(5)
    const free = cache.getOrCompute('free', () => 'free')
    await clock.advance(0)
    expect(await free).toBe('free')
    await clock.advance(200)
    await calls
    expect(source).toMatchObject({ most: 3, calls: 30 })
  })

  test('of two functions that need each other does not make them wait for each other', async () => {
    const { clock, cache } = await createSubject({})
    const limit = { maxConcurrentComputes: 1, hardTimeout: '5s' } as const
    const user = cache.wrap(
      async (id: number, depth: number): Promise<string> => {
        await new Promise<void>((resolve) => clock.timeout(10, resolve))
        return depth === 0 ? `user ${id}` : `user ${id} of ${await team(id, depth - 1)}`
      },
      { name: 'user', ...limit },
    )
    const team = cache.wrap(
      async (id: number, depth: number): Promise<string> => {
        await new Promise<void>((resolve) => clock.timeout(10, resolve))
        return depth === 0 ? `team ${id}` : `team ${id} of ${await user(id, depth - 1)}`
      },
      { name: 'team', ...limit },
    )
    const values = Promise.all([user(1, 2), team(2, 2)])
    await clock.advance(200)
    expect(await values).toEqual(['user 1 of team 1 of user 1', 'team 2 of user 2 of team 2'])
  })

  test('of two caches that need each other does not make them wait for each other', async () => {
    const { clock, cache: users } = await createSubject({ maxConcurrentComputes: 1, hardTimeout: '5s' })
    const { cache: teams } = await createSubject({ name: 'teams', clock, maxConcurrentComputes: 1 })
    const readUser = (id: string, inner: () => unknown) =>
      users.getOrCompute(id, async () => {
        await new Promise<void>((resolve) => clock.timeout(10, resolve))
        return inner()
      })
    const readTeam = (id: string, inner: () => unknown) =>
      teams.getOrCompute(id, async () => {
        await new Promise<void>((resolve) => clock.timeout(10, resolve))
        return inner()
      })
    const values = Promise.all([
      readUser('a', () => readTeam('b', () => 'user of team')),
      readTeam('c', () => readUser('d', () => 'team of user')),
    ])
    await clock.advance(200)
    expect(await values).toEqual(['user of team', 'team of user'])
  })

  test('of two functions is kept while a computation only waits for a place that will be free', async () => {
    const { clock, cache, source, load } = await createSubject({})
    const inner = cache.wrap(async (_id: number) => load(), { name: 'inner', maxConcurrentComputes: 2 })
    const outer = cache.wrap((id: number) => inner(id), { name: 'outer', maxConcurrentComputes: 5 })
    const values = Promise.all(Array.from({ length: 20 }, (_, id) => outer(id)))
    await clock.advance(500)
    await values
    expect(source).toMatchObject({ most: 2, calls: 20 })
  })

  test.each([0, -1, 1.5, Number.NaN])('of %d is refused', async (maxConcurrentComputes) => {
    await expect(createSubject({ maxConcurrentComputes })).rejects.toMatchObject({ code: 'BAD_OPTION' })
  })
})
