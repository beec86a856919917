import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

function memoryCache() {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock }) }
}

/** Two processes with one shared store and one database. */
async function twoProcesses(options: { local?: boolean } = {}) {
  const clock = manualClock()
  const world = createWorld(clock)
  const wires = [createWire(), createWire()] as const
  const [a, b] = wires.map((own) =>
    createCache({ name: 'test', store: world.store({ ...options, wire: own }), clock }),
  ) as [ReturnType<typeof createCache>, ReturnType<typeof createCache>]
  await clock.advance(1_000)
  return { clock, world, wires, a, b, database: { value: 'old' } }
}

describe('an invalidation during a computation', () => {
  test.each(['invalidate', 'delete', 'set', 'clear'] as const)(
    'by %s keeps the result out of the cache',
    async (method) => {
      const { cache } = memoryCache()
      const source = blockedComputation('old')
      const slow = cache.getOrCompute('k', source.compute, { tags: ['t'] })
      await flushPromises()
      if (method === 'invalidate') await cache.invalidate('t')
      if (method === 'delete') await cache.delete('k')
      if (method === 'set') await cache.set('k', 'new')
      if (method === 'clear') await cache.clear()
      await source.release()
      expect(await slow).toBe('old')
      expect(await cache.get('k')).toBe(method === 'set' ? 'new' : undefined)
    },
  )

  test('keeps the result out for tags that are only found while computing', async () => {
    const { cache } = memoryCache()
    const source = blockedComputation('old')
    const slow = cache.getOrCompute('k', async (context) => {
      const value = await source.compute()
      context.tag('found')
      return value
    })
    await flushPromises()
    await cache.invalidate('found')
    await source.release()
    await slow
    expect(await cache.get('k')).toBeUndefined()
  })

  test.each([true, false])('of another process keeps the result out (memory tier: %s)', async (local) => {
    const { a, b } = await twoProcesses({ local })
    const source = blockedComputation('old')
    const slow = a.getOrCompute('k', source.compute, { tags: ['t'] })
    await flushPromises()
    await b.invalidate('t')
    await source.release()
    await slow
    await flushPromises()
    expect(await b.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
    expect(await a.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
  })

  test('keeps the result of a background refresh out', async () => {
    const { cache, clock } = memoryCache()
    const options = { ttl: 1_000, staleWhileRevalidate: '1h', tags: ['t'] } as const
    await cache.getOrCompute('k', () => 'first', options)
    await clock.advance(2_000)
    const source = blockedComputation('second')
    await cache.getOrCompute('k', source.compute, options)
    await flushPromises()
    await cache.invalidate('t')
    await source.release()
    await flushPromises()
    expect(await cache.getOrCompute('k', () => 'third', options)).toBe('third')
  })
})

describe('joining', () => {
  test('a caller after an invalidation does not join a computation from before it', async () => {
    const { cache } = memoryCache()
    const before = blockedComputation('old')
    const early = cache.getOrCompute('k', before.compute, { tags: ['t'] })
    await flushPromises()
    await cache.invalidate('t')
    expect(await cache.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
    await before.release()
    expect(await early).toBe('old')
    expect(await cache.get('k')).toBe('new')
  })

  test('a caller after a deletion that is forgotten by now does not join a computation from before it', async () => {
    const { clock, world, a, b } = await twoProcesses()
    const before = blockedComputation('old')
    const early = b.getOrCompute('k', before.compute)
    await clock.advance(10)
    await a.delete('k')
    world.forgetKeys()
    await clock.advance(1_000)
    expect(await b.getOrCompute('k', () => 'new')).toBe('new')
    await before.release()
    expect(await early).toBe('old')
  })

  test('a caller computes again if only the result reveals that its tag was invalidated', async () => {
    const { cache } = memoryCache()
    const before = blockedComputation('old')
    const revealing = async (context: { tag(...tags: string[]): void }) => {
      context.tag('revealed')
      return before.compute()
    }
    const early = cache.getOrCompute('k', revealing)
    await flushPromises()
    await cache.invalidate('revealed')
    const late = cache.getOrCompute('k', () => 'new')
    await before.release()
    expect(await early).toBe('old')
    expect(await late).toBe('new')
  })
})

describe('bounded staleness', () => {
  test('an invalidation reaches another process at once while pushed messages arrive', async () => {
    const { a, b } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'] })
    expect(await b.get('k')).toBe('old')
    await a.invalidate('t')
    await flushPromises()
    expect(b.peek('k')?.state).toBe('dead')
  })

  test('an invalidation arrives within syncInterval when pushed messages are lost', async () => {
    const { a, b, clock, wires } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'] })
    expect(await b.get('k')).toBe('old')
    wires[1].isDeaf = true
    await a.invalidate('t')
    await clock.advance(800)
    expect(await b.get('k')).toBeUndefined()
  })

  test('a gap in the pushed messages is filled by a sync', async () => {
    const { a, b, wires } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'] })
    await b.get('k')
    wires[1].isDeaf = true
    await a.invalidate('t')
    wires[1].isDeaf = false
    await a.invalidate('other')
    await flushPromises()
    expect(await b.get('k')).toBeUndefined()
  })

  test('a process that cannot sync serves memory for no longer than maxStaleness', async () => {
    const { a, b, clock, wires } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    expect(await b.getOrCompute('k', () => 'unused')).toBe('old')
    wires[1].mode = 'fail'
    wires[1].isDeaf = true
    await a.invalidate('t')
    await clock.advance(2_001)
    expect(await b.getOrCompute('k', () => 'from the source')).toBe('from the source')
  })

  test('without the log, each key is computed once per maxStaleness', async () => {
    const { a, clock, wires } = await twoProcesses()
    wires[0].mode = 'fail'
    await clock.advance(3_000)
    let runs = 0
    const compute = () => {
      runs += 1
      return runs
    }
    for (let at = 0; at < 10; at += 1) {
      expect(await a.getOrCompute('k', compute)).toBe(1)
      await clock.advance(190)
    }
    await clock.advance(200)
    expect(await a.getOrCompute('k', compute)).toBe(2)
  })

  test('a value computed from cached values is not served longer than they may be', async () => {
    const { a, b, wires, clock, database } = await twoProcesses()
    const inner = () => b.getOrCompute('inner', () => database.value, { tags: ['t'] })
    const outer = () => b.getOrCompute('outer', inner)
    await inner()
    wires[1].mode = 'fail'
    wires[1].isDeaf = true
    database.value = 'new'
    await a.invalidate('t')
    await clock.advance(1_500)
    expect(await outer()).toBe('old')
    await clock.advance(1_500)
    expect(await outer()).toBe('new')
  })

  test('a process that was frozen syncs before it serves again', async () => {
    const { a, b, clock, wires } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    await b.get('k')
    wires[1].isDeaf = true
    await a.invalidate('t')
    // A suspended machine: the wall clock advanced, the monotonic one did not, so no timer fired.
    clock.setWall(clock.now() + 60_000)
    expect(await b.get('k')).toBeUndefined()
  })

  test('a read with { after: token } reflects the write in another process', async () => {
    const { a, b, wires } = await twoProcesses()
    await a.set('k', 'old', { tags: ['t'] })
    await b.get('k')
    wires[1].isDeaf = true
    const { token } = await a.invalidate('t')
    expect(await b.get('k')).toBe('old')
    expect(await b.get('k', { after: token })).toBeUndefined()
  })

  test('a strong read reflects every invalidation acknowledged before it', async () => {
    const { a, b, wires } = await twoProcesses()
    await a.set('k', 'old')
    await b.get('k')
    wires[1].isDeaf = true
    await a.delete('k')
    expect(await b.getOrCompute('k', () => 'new', { consistency: 'strong' })).toBe('new')
  })

  test('a strong read computes if its consistency cannot be established', async () => {
    const { a, wires } = await twoProcesses()
    await a.set('k', 'cached')
    wires[0].mode = 'fail'
    expect(await a.getOrCompute('k', () => 'source', { consistency: 'strong' })).toBe('source')
  })

  test('a token of another cache is rejected with an error that says so', async () => {
    const { a } = await twoProcesses()
    await expect(a.get('k', { after: 'other@abc' })).rejects.toMatchObject({ code: 'BAD_TOKEN' })
  })
})

describe('two concurrent writers', () => {
  test('of the same key converge on the later write in every process', async () => {
    const { a, b } = await twoProcesses()
    await Promise.all([a.set('k', 'from a'), b.set('k', 'from b')])
    await flushPromises()
    const seen = await Promise.all([a.get('k'), b.get('k')])
    expect(new Set(seen.filter((value) => value !== undefined)).size).toBeLessThanOrEqual(1)
    expect(await a.getOrCompute('k', () => 'source')).toBe(await b.getOrCompute('k', () => 'source'))
  })
})

describe('sourceLag', () => {
  test('keeps values of a lagging source out of the cache, and lets callers share them', async () => {
    const { cache, clock } = memoryCache()
    let runs = 0
    const replica = blockedComputation(() => {
      runs += 1
      return 'old'
    })
    await cache.invalidate('t')
    const options = { tags: ['t'], sourceLag: '5s' } as const
    const callers = [1, 2, 3].map(() => cache.getOrCompute('k', replica.compute, options))
    await replica.release()
    await Promise.all(callers)
    expect(runs).toBe(1)
    expect(await cache.has('k')).toBe(false)
    await clock.advance(5_001)
    await cache.getOrCompute('k', () => 'new', options)
    expect(await cache.get('k')).toBe('new')
  })

  test('lets callers that arrive one after the other wait for two computations at most', async () => {
    const { cache, clock } = memoryCache()
    let runs = 0
    const read = () =>
      cache.getOrCompute(
        'k',
        async () => {
          runs += 1
          await new Promise<void>((resolve) => clock.timeout(100, resolve))
          return 'old'
        },
        { tags: ['t'], sourceLag: '5s' },
      )
    await cache.invalidate('t')
    const callers = [read()]
    for (let i = 0; i < 9; i += 1) {
      await clock.advance(5)
      callers.push(read())
    }
    await clock.advance(200)
    await Promise.all(callers)
    expect(runs).toBe(2)
  })
})

test('a process that cannot sync does not share a computation older than maxStaleness', async () => {
  const { a, b, clock, wires } = await twoProcesses()
  wires[1].mode = 'fail'
  wires[1].isDeaf = true
  const before = blockedComputation('old')
  const early = b.getOrCompute('k', before.compute, { tags: ['t'] })
  await clock.advance(10)
  await a.invalidate('t')
  await clock.advance(2_500)
  const late = b.getOrCompute('k', () => 'new', { tags: ['t'] })
  await flushPromises()
  await before.release()
  expect([await early, await late]).toEqual(['old', 'new'])
})
