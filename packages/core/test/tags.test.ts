import { describe, expect, test } from 'vitest'
import { type Cache, createCache } from '../src/index'
import { createTagGraph } from '../src/invalidation/tag-graph'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

function memoryCache(options: { tagSeparator?: string; maxTagsPerEntry?: number } = {}) {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock, ...options }) }
}

describe('invalidating a tag', () => {
  test('invalidates every entry that carries it, and no other', async () => {
    const { cache } = memoryCache()
    await cache.set('a', 1, { tags: ['x', 'y'] })
    await cache.set('b', 2, { tags: ['y'] })
    await cache.set('c', 3, { tags: ['z'] })
    await cache.invalidate('x')
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, 2, 3])
    await cache.invalidate(['y', 'z'])
    expect(await cache.getMany(['b', 'c'])).toEqual([undefined, undefined])
  })

  test('invalidates entries whose tags were derived from the value', async () => {
    const { cache } = memoryCache()
    await cache.getOrCompute('job', () => ({ org: 7 }), { tags: (job) => [`org:${job.org}`] })
    await cache.invalidate('org:7')
    expect(await cache.has('job')).toBe(false)
  })

  test('softly keeps the old value servable while a new one is computed', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate('t', { mode: 'soft' })
    expect(await cache.get('k')).toBeUndefined()
    expect(await cache.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('old')
    await flushPromises()
    expect(await cache.getOrCompute('k', () => 'unused')).toBe('new')
  })

  test('hard after soft ends the old value', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate('t', { mode: 'soft' })
    await cache.invalidate('t')
    expect(await cache.getOrCompute('k', () => 'new')).toBe('new')
  })

  test('can be soft for delete and clear as well', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 'old')
    await cache.delete('k', { mode: 'soft' })
    expect(await cache.getOrCompute('k', () => 'new')).toBe('old')
    await flushPromises()
    await cache.clear({ mode: 'soft' })
    expect(await cache.getOrCompute('k', () => 'newer')).toBe('new')
  })
})

describe('the tag graph', () => {
  test('refuses links between long tags once they take the space of maxLinks links of usual length', () => {
    const graph = createTagGraph({ separator: '', maxClosure: 64, maxLinks: 1_000 })
    const long = (index: number) => `${index} ${'x'.repeat(500)}`
    const linkNext = (index: number) => {
      graph.checkLink(long(index), long(-1))
      graph.link(long(index), long(-1))
    }
    let made = 0
    expect(() => {
      for (; made < 1_000; made += 1) linkNext(made)
    }).toThrow(/tag graph is full: it may hold 1000 links/)
    expect(made).toBeGreaterThan(200)
    graph.unlink(long(0), long(-1))
    expect(() => linkNext(made)).not.toThrow()
  })

  test('makes each prefix of a hierarchical tag its parent', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 1, { tags: ['jobs:42:applicants'] })
    await cache.invalidate('jobs')
    expect(await cache.has('k')).toBe(false)
    await cache.set('k', 1, { tags: ['jobs:42'] })
    await cache.invalidate('jobs:42:applicants')
    expect(await cache.has('k')).toBe(true)
  })

  test('has no hierarchical tags without a separator', async () => {
    const { cache } = memoryCache({ tagSeparator: '' })
    await cache.set('k', 1, { tags: ['jobs:42'] })
    await cache.invalidate('jobs')
    expect(await cache.has('k')).toBe(true)
  })

  test('invalidates linked descendants with their ancestor', async () => {
    const { cache } = memoryCache()
    await cache.link('product:1', 'category:5')
    await cache.link('category', 'catalogue')
    await cache.set('k', 1, { tags: ['product:1'] })
    await cache.invalidate('catalogue')
    expect(await cache.has('k')).toBe(false)
  })

  test('invalidates entries with the old ancestors when a link changes', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 1, { tags: ['product:1'] })
    await cache.link('product:1', 'category:5')
    expect(await cache.has('k')).toBe(false)
    await cache.set('k', 1, { tags: ['product:1'] })
    await cache.unlink('product:1', 'category:5')
    expect(await cache.has('k')).toBe(false)
    await cache.set('k', 1, { tags: ['product:1'] })
    await cache.invalidate('category:5')
    expect(await cache.has('k')).toBe(true)
  })

  test('rejects a link that would close a cycle, and shows the cycle', async () => {
    const { cache } = memoryCache()
    await cache.link('a', 'b')
    await cache.link('b', 'c')
    await expect(cache.link('c', 'a')).rejects.toMatchObject({
      code: 'TAG_CYCLE',
      message: expect.stringContaining('c → a → b → c'),
    })
  })

  test('follows a chain of links that is longer than the stack is deep', () => {
    const graph = createTagGraph({ separator: ':', maxClosure: 64, maxLinks: 100_000 })
    for (let index = 0; index < 20_000; index += 1) graph.link(`tag ${index}`, `tag ${index + 1}`)
    expect(() => graph.checkLink('tag 0', 'another')).not.toThrow()
    expect(() => graph.checkLink('tag 20000', 'tag 0')).toThrow(
      /: tag 20000 → tag 0 → tag 1 → tag 2 → tag 3 → … → tag 19996 → tag 19997 → tag 19998 → tag 19999 → tag 20000\.$/,
    )
  })

  test('rejects an entry with too many ancestors', async () => {
    const { cache } = memoryCache({ maxTagsPerEntry: 3 })
    await expect(cache.set('k', 1, { tags: ['a:b:c:d'] })).rejects.toMatchObject({
      code: 'TAG_GRAPH_TOO_LARGE',
    })
  })

  test('is shared between processes', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const [a, b] = [1, 2].map(() => createCache({ name: 'test', store: world.store(), clock }))
    await clock.advance(1_000)
    await a!.link('child', 'parent')
    await flushPromises()
    await b!.set('k', 1, { tags: ['child'] })
    await b!.invalidate('parent')
    expect(await b!.has('k')).toBe(false)
    const late = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    expect(late.graph()).toEqual([{ child: 'child', parent: 'parent' }])
  })
})

describe('a link in a transaction', () => {
  const failing = (work: () => Promise<unknown>) => async () => {
    await work()
    throw new Error('constraint')
  }

  test('survives an unlink in a transaction that fails', async () => {
    const { cache } = memoryCache()
    await cache.link('child', 'parent')
    const rolledBack = cache.transaction(failing(() => cache.unlink('child', 'parent')))
    await expect(rolledBack).rejects.toThrow('constraint')
    await cache.set('k', 1, { tags: ['child'] })
    await cache.invalidate('parent')
    expect(await cache.has('k')).toBe(false)
  })

  test('is not made if the transaction is known to have rolled back', async () => {
    const { cache } = memoryCache()
    const link = failing(() => cache.link('child', 'parent'))
    const rolledBack = cache.transaction(link, { rolledBack: () => true })
    await expect(rolledBack).rejects.toThrow('constraint')
    expect(cache.graph()).toEqual([])
  })

  test('takes effect at the commit, in the order of the calls', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 'from before', { tags: ['child'] })
    await cache.transaction(async () => {
      expect((await cache.link('child', 'first')).outcome).toBe('deferred')
      await cache.link('child', 'second')
      await cache.unlink('child', 'first')
      expect(cache.graph()).toEqual([])
    })
    expect(cache.graph()).toEqual([{ child: 'child', parent: 'second' }])
    expect(await cache.has('k')).toBe(false)
  })

  test('is rejected at the call if it would close a cycle', async () => {
    const { cache } = memoryCache()
    await cache.link('a', 'b')
    await cache.transaction(async () => {
      await expect(cache.link('b', 'a')).rejects.toMatchObject({ code: 'TAG_CYCLE' })
    })
    expect(cache.graph()).toEqual([{ child: 'a', parent: 'b' }])
  })
})

describe('links that change while the log is unavailable', () => {
  async function twoProcesses() {
    const clock = manualClock()
    const world = createWorld(clock)
    const own = createWire()
    const a = createCache({ name: 'test', store: world.store({ wire: own }), clock })
    const b = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    return { a, b, clock, own }
  }

  test('have the state of the last call in every process', async () => {
    const { a, b, clock, own } = await twoProcesses()
    own.mode = 'fail'
    await a.link('child', 'parent')
    await a.unlink('child', 'parent')
    await a.link('child', 'parent')
    own.mode = 'work'
    await clock.advance(5_000)
    const links = [{ child: 'child', parent: 'parent' }]
    expect([a.graph(), b.graph()]).toEqual([links, links])
  })

  test('do not have the state of the call that failed last', async () => {
    const { a, b, clock, own } = await twoProcesses()
    own.mode = 'hang'
    const linking = a.link('child', 'parent')
    own.mode = 'fail'
    const unlinking = a.unlink('child', 'parent')
    await clock.advance(5_000)
    expect([(await linking).outcome, (await unlinking).outcome]).toEqual(['queued', 'queued'])
    own.mode = 'work'
    await clock.advance(5_000)
    expect([a.graph(), b.graph()]).toEqual([[], []])
  })

  test('reach the log in the order in which they were made, whenever the later one comes', async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const { a, b, clock, own } = await twoProcesses()
      await a.link('child', 'parent')
      own.mode = 'fail'
      await a.link('other', 'parent')
      own.mode = 'work'
      const unlinking = a.unlink('child', 'parent')
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      const linking = a.link('child', 'parent')
      await clock.advance(5_000)
      await Promise.all([unlinking, linking])
      const children = [a, b].map((cache) => cache.graph().map(({ child }) => child))
      expect(children.map((names) => names.sort())).toEqual([
        ['child', 'other'],
        ['child', 'other'],
      ])
    }
  })

  test('are followed by the invalidations that come after them', async () => {
    const { a, b, clock, own } = await twoProcesses()
    const read = () => b.getOrCompute('user', () => 'a value', { tags: 'child' })
    await read()
    own.mode = 'fail'
    await a.link('child', 'parent')
    expect((await a.invalidate('parent')).outcome).toBe('queued')
    expect(await b.get('user')).toBe('a value')
    own.mode = 'work'
    await clock.advance(300)
    expect((await a.invalidate('parent')).outcome).toBe('applied')
    expect(await b.get('user')).toBeUndefined()
  })

  test.each(['fail', 'hang'] as const)(
    'have the state of a later call that the log has accepted: %s',
    async (mode) => {
      const { a, b, clock, own } = await twoProcesses()
      await a.link('kept', 'parent')
      own.mode = mode
      const earlier = [a.unlink('kept', 'parent'), a.link('removed', 'parent')]
      await flushPromises()
      own.mode = 'work'
      const later = [a.link('kept', 'parent'), a.unlink('removed', 'parent')]
      await clock.advance(5_000)
      const outcomes = (await Promise.all([...earlier, ...later])).map(({ outcome }) => outcome)
      expect(outcomes).toEqual(['queued', 'queued', 'applied', 'applied'])
      const links = [{ child: 'kept', parent: 'parent' }]
      expect([a.graph(), b.graph()]).toEqual([links, links])
    },
  )
})

describe('a value computed from other cached values', () => {
  test('carries the tags of those values', async () => {
    const { cache } = memoryCache()
    const outer = () =>
      cache.getOrCompute('outer', async () => ({
        inner: await cache.getOrCompute('inner', () => 1, { tags: ['t'] }),
      }))
    await outer()
    await cache.invalidate('t')
    expect(await cache.has('outer')).toBe(false)
  })

  test('is invalidated with the keys it was computed from', async () => {
    const { cache } = memoryCache()
    await cache.set('inner', 1)
    const outer = () =>
      cache.getOrCompute('outer', async () => (await cache.get<number>('inner')) ?? 'nothing')
    expect(await outer()).toBe(1)
    await cache.set('inner', 2)
    expect(await outer()).toBe(2)
    await cache.delete('inner')
    expect(await outer()).toBe('nothing')
    await cache.set('inner', 3)
    expect(await outer()).toBe(3)
  })

  test('expires no later than the earliest of those values', async () => {
    const { cache, clock } = memoryCache()
    await cache.getOrCompute('outer', () => cache.getOrCompute('inner', () => 1, { ttl: '10s' }), {
      ttl: '1h',
    })
    await clock.advance(10_000)
    expect(await cache.has('outer')).toBe(false)
  })

  test('is stored as stale if one of those values was served stale', async () => {
    const { cache, clock } = memoryCache()
    const inner = () => cache.getOrCompute('inner', () => 'new', { ttl: 1_000, staleWhileRevalidate: '1h' })
    await cache.set('inner', 'old', { ttl: 1_000, staleWhileRevalidate: '1h' })
    await clock.advance(1_500)
    expect(await cache.getOrCompute('outer', inner, { ttl: '1h' })).toBe('old')
    await flushPromises()
    expect(await cache.getOrCompute('outer', inner, { ttl: '1h' })).toBe('new')
  })

  test('depends on the reads of a joined computation', async () => {
    const { cache } = memoryCache()
    const source = blockedComputation('value')
    const alone = cache.getOrCompute('inner', source.compute, { tags: ['t'] })
    const outer = cache.getOrCompute('outer', () => cache.getOrCompute('inner', () => 'unused'))
    await source.release()
    await Promise.all([alone, outer])
    await cache.invalidate('t')
    expect(await cache.has('outer')).toBe(false)
  })

  describe('depends on values that it read', () => {
    /** Computes `outer` from `inner` through `through`; resolves to the cached value of `outer` after `inner` has changed. */
    async function afterChange(through: (cache: Cache, inner: () => Promise<number>) => Promise<unknown>) {
      const { cache } = memoryCache()
      const inner = () => cache.getOrCompute('inner', () => 1, { tags: ['t'] })
      await cache.getOrCompute('outer', () => through(cache, inner))
      await cache.invalidate('t')
      return cache.get('outer')
    }

    test('in a nested call of itself', async () => {
      expect(await afterChange((cache, inner) => cache.getOrCompute('outer', inner))).toBeUndefined()
    })

    test('in a computation that calls it again', async () => {
      const { cache } = memoryCache()
      const leaf = () => cache.getOrCompute('leaf', () => 1, { tags: ['t'] })
      const a = (depth: number): Promise<unknown> =>
        cache.getOrCompute('a', () => (depth === 0 ? b() : leaf()))
      const b = () => cache.getOrCompute('b', () => a(1))
      await a(0)
      await cache.invalidate('t')
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
    })

    test('in a transaction', async () => {
      expect(await afterChange((cache, inner) => cache.transaction(inner))).toBeUndefined()
    })

    test('in a computation that failed', async () => {
      const through = (cache: Cache, inner: () => Promise<number>) => {
        const failing = async () => {
          throw new Error(`no ${await inner()}`)
        }
        return cache.getOrCompute('failing', failing).catch(() => 'instead')
      }
      expect(await afterChange(through)).toBeUndefined()
    })

    test('as a miss', async () => {
      const { cache } = memoryCache()
      const looks = [
        () => cache.get('inner'),
        () => cache.transaction(() => cache.get('inner')),
        () => cache.getOrCompute('inner', () => Promise.reject(new Error('no'))).catch(() => undefined),
      ]
      for (const [at, look] of looks.entries()) {
        await cache.getOrCompute(`outer ${at}`, async () => (await look()) ?? 'nothing')
        await cache.set('inner', 'something')
        expect(await cache.get(`outer ${at}`)).toBeUndefined()
        await cache.delete('inner')
      }
    })

    test('in a strong read that could not be proven', async () => {
      const clock = manualClock()
      const own = createWire()
      const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire: own }), clock })
      await clock.advance(1_000)
      own.mode = 'fail'
      const strongly = async () => (await cache.get('inner', { consistency: 'strong' })) ?? 'nothing'
      await cache.getOrCompute('outer', strongly)
      own.mode = 'work'
      await clock.advance(2_000)
      await cache.set('inner', 'something')
      expect(await cache.get('outer')).toBeUndefined()
    })
  })

  test('does not depend on untracked reads', async () => {
    const { cache } = memoryCache()
    await cache.getOrCompute('outer', () =>
      cache.untracked(() => cache.getOrCompute('inner', () => 1, { tags: ['t'] })),
    )
    await cache.invalidate('t')
    expect(await cache.has('outer')).toBe(true)
  })
})
