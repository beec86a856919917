import { expect, test } from 'vitest'
import { type Cache, createCache } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

/** A value that is made of the next one, which is made of the one after it, and so on for `depth` steps around the ring. */
type Read = (depth: number) => Promise<string>

/** One value in each cache; each needs the next one, and the last one the first. */
function ringOf(caches: readonly Cache[]): readonly Read[] {
  const ring: Read[] = caches.map(
    (cache, index) => (depth) =>
      cache.getOrCompute(`value ${index}`, async () => {
        // All computations are under way before the first of them needs another.
        await flushPromises()
        const next = ring[(index + 1) % ring.length]
        return depth === 0 || next === undefined ? `${index}` : `${index} of ${await next(depth - 1)}`
      }),
  )
  return ring
}

function memoryCaches(count: number): readonly Cache[] {
  const clock = manualClock()
  return Array.from({ length: count }, (_, index) =>
    createCache({ name: `test ${index}`, store: mapStore(), clock }),
  )
}

const [one, two, three] = [1, 2, 3].map(memoryCaches)

test.each([
  ['two values of a cache', [one![0]!, one![0]!]],
  ['three values of a cache', [one![0]!, one![0]!, one![0]!]],
  ['values of two caches', two!],
  ['values of three caches', three!],
])('%s that need each other at the same time are computed without waiting', async (_, caches) => {
  await Promise.all(caches.map((cache) => cache.clear()))
  const values = await Promise.all(ringOf(caches).map((read) => read(caches.length)))
  for (const [index, value] of values.entries()) expect(value).toMatch(new RegExp(`^${index} of `))
  for (const [index, cache] of caches.entries()) expect(await cache.get(`value ${index}`)).toBe(values[index])
})

test('the keys of getManyOrCompute that need a value that needs one of them are computed without waiting', async () => {
  const [cache] = memoryCaches(1)
  const loadUsers = async (ids: string[]) => {
    await flushPromises()
    const team = await cache!.getOrCompute('team', loadTeam)
    return ids.map((id) => `user ${id} of ${team}`)
  }
  const loadTeam = async (): Promise<string> => {
    await flushPromises()
    const [lead] = await cache!.getManyOrCompute(['1', '2'], (ids) => ids.map((id) => `user ${id}`))
    return `the team of ${lead}`
  }
  const [users, team] = await Promise.all([
    cache!.getManyOrCompute(['2', '1'], loadUsers),
    cache!.getOrCompute('team', loadTeam),
  ])
  expect(users[0]).toMatch(/^user 2 of the team of /)
  expect(team).toMatch(/^the team of user 1/)
})

test('callers that wait for one value and do not need each other share it', async () => {
  const [cache] = memoryCaches(1)
  let runs = 0
  const shared = () =>
    cache!.getOrCompute('shared', async () => {
      await flushPromises()
      runs += 1
      return 'value'
    })
  const page = (name: string) => cache!.getOrCompute(name, async () => `${name} of ${await shared()}`)
  expect(await Promise.all([page('a'), page('b'), shared(), page('a')])).toHaveLength(4)
  expect(runs).toBe(1)
})

test('two processes that compute values that need each other wait for a second at most', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const caches = [0, 1].map(() => createCache({ name: 'test', store: world.store(), clock }))
  await clock.advance(1_000)
  const [user] = ringOf([caches[0]!, caches[0]!])
  const [, team] = ringOf([caches[1]!, caches[1]!])
  const reads = Promise.all([user!(2), team!(2)])
  await clock.advance(1_500)
  const [ofUser, ofTeam] = await Promise.race([reads, flushPromises().then(() => ['late', 'late'])])
  expect(ofUser).toMatch(/^0 of 1/)
  expect(ofTeam).toMatch(/^1 of 0/)
  await Promise.all(caches.map((cache) => cache.close()))
})

test('an untracked read of the key that is computed computes it, and does not wait for itself', async () => {
  const [cache] = memoryCaches(1)
  const read = (depth: number): Promise<string> =>
    cache!.getOrCompute('k', () => (depth === 0 ? 'k' : cache!.untracked(() => read(depth - 1))))
  expect(await read(1)).toBe('k')
})

test('untracked reads that need each other at the same time are computed without waiting', async () => {
  const [cache] = memoryCaches(1)
  const read = (key: string, other: string, depth: number): Promise<string> =>
    cache!.getOrCompute(key, async () => {
      await flushPromises()
      return depth === 0 ? key : `${key} of ${await cache!.untracked(() => read(other, key, depth - 1))}`
    })
  expect(await Promise.all([read('a', 'b', 2), read('b', 'a', 2)])).toEqual([
    expect.stringMatching(/^a of /),
    expect.stringMatching(/^b of /),
  ])
})

test('an untracked read within a computation runs on its place of maxConcurrentComputes', async () => {
  const cache = createCache({ name: 'limited', store: mapStore(), maxConcurrentComputes: 1 })
  const value = await cache.getOrCompute('outer', () =>
    cache.untracked(() => cache.getOrCompute('inner', () => 1)),
  )
  expect(value).toBe(1)
})
