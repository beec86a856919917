import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { createTagTable } from '../src/invalidation/tag-table'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Memory in use, in MB. */
function measureHeap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

/** Names of 500 characters. */
const longNames = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${from + index}`.padEnd(500, 'x'))

/** A process that is cut off from the log, which has space for `maxKnownTags` names of each kind. */
async function openCutOff(maxKnownTags: number, maxOutbox: number) {
  const clock = manualClock()
  const world = createWorld(clock)
  const wire = createWire()
  const options = { name: 'test', clock, syncInterval: 800, maxKnownTags, maxOutbox }
  const cache = createCache({ ...options, store: world.store({ wire }) })
  await clock.advance(1_000)
  await cache.getOrCompute('unrelated', () => 'old')
  wire.mode = 'fail'
  return { clock, world, wire, cache, options }
}

describe('names that are invalidated while the log is away', () => {
  test('end nothing else in this process as long as there is space for them, whatever the outbox holds', async () => {
    const { cache } = await openCutOff(100, 20)
    await cache.deleteMany(longNames(0, 150))
    expect(cache.stats().outbox).toBe(1)
    expect(await cache.getOrCompute('unrelated', () => 'new')).toBe('old')
    await cache.close()
  })

  test('end everything, here and later in other processes, when there are more of them', async () => {
    const { clock, world, wire, cache, options } = await openCutOff(100, 20)
    const other = createCache({ ...options, store: world.store({ local: false }) })
    await clock.advance(850)
    expect(await other.getOrCompute('unrelated', () => 'never')).toBe('old')
    await cache.deleteMany(longNames(0, 250))
    expect(await cache.getOrCompute('unrelated', () => 'new')).toBe('new')
    wire.mode = 'work'
    await clock.advance(3_000)
    expect(cache.stats().outbox).toBe(0)
    expect(await other.getOrCompute('unrelated', () => 'new')).toBe('new')
    await Promise.all([cache.close(), other.close()])
  })

  test.each(['deleteMany', 'invalidate'] as const)('take no memory beyond that (%s)', async (method) => {
    const { cache } = await openCutOff(1_000, 500)
    const before = measureHeap()
    for (let from = 0; from < 60_000; from += 500) await cache[method](longNames(from, 500))
    // 30 MB of names.
    expect(measureHeap() - before).toBeLessThan(10)
    await cache.close()
  })
})

test('an invalidation of everything instead of the names that are pending never makes an entry more valid', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const invalidation = fc.record({
    scope: fc.constantFrom('tag' as const, 'key' as const, 'all' as const),
    mode: fc.constantFrom('hard' as const, 'soft' as const),
    name,
  })
  const ranks = { valid: 0, soft: 1, dead: 2 }
  fc.assert(
    fc.property(
      fc.array(invalidation, { maxLength: 8 }),
      fc.nat(8),
      fc.nat(8),
      name,
      (issued, merged, sequence, tag) => {
        const table = createTagTable({ maxNames: 0, separator: ':' })
        for (const [index, item] of issued.entries()) table.addPending(item, index + 1)
        const entry = { key: 'c', tags: [tag], asOf: 0, term: 0, sequence }
        const before = table.judge(entry)
        table.mergePending(merged)
        expect(ranks[table.judge(entry)]).toBeGreaterThanOrEqual(ranks[before])
      },
    ),
    { numRuns: 1_000 },
  )
})

test('links that other processes have made are in force beyond the own bound, and none is added to them', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const options = { name: 'test', clock, syncInterval: 800 }
  const cache = createCache({ ...options, store: world.store({ local: false }) })
  const narrow = createCache({ ...options, store: world.store(), maxTagLinks: 10 })
  for (let index = 0; index < 100; index += 1) await cache.link(`child ${index}`, 'parent')
  await clock.advance(850)
  expect(narrow.graph()).toHaveLength(100)
  await expect(narrow.link('child', 'parent')).rejects.toMatchObject({ code: 'TAG_GRAPH_TOO_LARGE' })
  await narrow.getOrCompute('k', () => 'old', { tags: ['child 99'] })
  await cache.invalidate('parent')
  expect(await narrow.getOrCompute('k', () => 'new', { tags: ['child 99'] })).toBe('new')
  await Promise.all([cache.close(), narrow.close()])
})
