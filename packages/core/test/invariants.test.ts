import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../src/contracts/log'
import { createCache } from '../src/index'
import { createFollower } from '../src/invalidation/follower'
import { createTagGraph } from '../src/invalidation/tag-graph'
import { createTagTable } from '../src/invalidation/tag-table'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

/** The invariants of the design, by their numbers. */
const ignore = () => undefined

function followerOn(
  world: ReturnType<typeof createWorld>,
  clock: ReturnType<typeof manualClock>,
  own = createWire(),
) {
  const { log } = world.store({ wire: own }).open({ name: 'test', clock, report: ignore, evicted: ignore })
  if (log === undefined) throw new Error('A world has a log.')
  const table = createTagTable({ maxNames: 1_000, separator: ':' })
  const graph = createTagGraph({ separator: ':', maxClosure: 64, maxLinks: 100 })
  const bounds = { maxStaleness: 2_000, syncInterval: 800, settleTime: 2_000, outboxCapacity: 100 }
  const follower = createFollower({ log, clock, table, graph, ...bounds })
  follower.start({
    onKey: ignore,
    onGap: ignore,
    deleteEntries: async () => true,
    onInvalidate: ignore,
    onSync: ignore,
    onApply: ignore,
    onDiverged: ignore,
    onTagSeparator: ignore,
  })
  return follower
}

const tag = (name: string) => ({ scope: 'tag', mode: 'hard', name }) as const

describe('I1: what is served as fresh reflects every invalidation acknowledged before the bound', () => {
  test('in this process, before the call itself', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock })
    await clock.advance(1_000)
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate('t')
    expect(await cache.get('k')).toBeUndefined()
  })

  test('in another process, maxStaleness before the call, at every moment of a partition', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const cut = createWire()
    const [a, b] = [
      createCache({ name: 'test', store: world.store(), clock }),
      createCache({ name: 'test', store: world.store({ wire: cut }), clock }),
    ]
    await clock.advance(1_000)
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    await b.get('k')
    cut.mode = 'fail'
    cut.isDeaf = true
    await a.invalidate('t')
    const at = clock.monotonic()
    for (let step = 0; step < 30; step += 1) {
      await clock.advance(100)
      const seen = await b.get('k')
      if (clock.monotonic() - at > 2_000) expect(seen).toBeUndefined()
    }
  })
})

test('I2: a follower’s position never decreases, except when it reissues records that the log lost', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const own = createWire()
  const [follower, other] = [followerOn(world, clock, own), followerOn(world, clock)]
  await clock.advance(1_000)
  let last = follower.position
  for (let step = 0; step < 40; step += 1) {
    own.isDeaf = step % 3 === 0
    await other.invalidate([tag(`t${step}`)])
    if (step % 5 === 0) await follower.invalidate([tag('own')])
    await clock.advance(step % 7 === 0 ? 900 : 10)
    expect(follower.position).toBeGreaterThanOrEqual(last)
    last = follower.position
  }
  await Promise.all([follower.close(), other.close()])
})

test('I3: a tag’s position never decreases, in any order in which its records arrive', () => {
  const record = fc.record({
    scope: fc.constant('tag'),
    mode: fc.constantFrom('hard', 'soft'),
    name: fc.constantFrom('a', 'b'),
    position: fc.integer({ min: 1, max: 50 }),
  })
  fc.assert(
    fc.property(fc.array(record), fc.constantFrom('a', 'b'), (records, name) => {
      const table = createTagTable({ maxNames: 100, separator: ':' })
      for (const each of records) table.applyRecord(each as LogRecord)
      const highest = Math.max(
        0,
        ...records
          .filter((each) => each.name === name && each.mode === 'hard')
          .map(({ position }) => position),
      )
      expect(table.lastHardInvalidation('k', [name])).toBe(highest)
      const judged = table.judge({ key: 'k', tags: [name], asOf: highest, term: 0, sequence: 0 })
      expect(judged).not.toBe('dead')
      if (highest > 0)
        expect(table.judge({ key: 'k', tags: [name], asOf: highest - 1, term: 0, sequence: 0 })).toBe('dead')
    }),
  )
})

test('I3: forgetting names may turn a verdict into dead, and never into valid', () => {
  const record = fc.record({
    scope: fc.constantFrom('tag', 'key'),
    mode: fc.constant('hard'),
    name: fc.nat(60).map(String),
  })
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 200 }),
      fc.nat(200),
      fc.nat(60).map(String),
      (records, asOf, name) => {
        const [bounded, exact] = [
          createTagTable({ maxNames: 8, separator: ':' }),
          createTagTable({ maxNames: 1_000, separator: ':' }),
        ]
        for (const [at, each] of records.entries())
          for (const table of [bounded, exact]) table.applyRecord({ ...each, position: at + 1 } as LogRecord)
        const subject = { key: 'k', tags: [name, `\u0002${name}`], asOf, term: 0, sequence: 0 }
        if (exact.judge(subject) === 'dead') expect(bounded.judge(subject)).toBe('dead')
      },
    ),
  )
})

test('I4: a value whose computation started before an invalidation of one of its final tags is never fresh after it', async () => {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock })
  await clock.advance(1_000)
  await cache.link('found', 'above')
  const source = blockedComputation('old')
  const slow = cache.getOrCompute('k', async (context) => {
    const value = await source.compute()
    context.tag('found')
    return value
  })
  await flushPromises()
  await cache.invalidate('above')
  await source.release()
  await slow
  await flushPromises()
  expect(await cache.get('k')).toBeUndefined()
})

test('I5: an invalidation that a running process knows stays in force, even if the store loses its data', async () => {
  for (const lose of ['flush', 'loseLog', 'failOver'] as const) {
    const clock = manualClock()
    const world = createWorld(clock)
    const [a, b] = [1, 2].map(() => createCache({ name: 'test', store: world.store(), clock })) as [
      ReturnType<typeof createCache>,
      ReturnType<typeof createCache>,
    ]
    await clock.advance(1_000)
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    const before = world.position
    await clock.advance(10)
    await b.invalidate('t')
    if (lose === 'failOver') world.failOver(before)
    else world[lose]()
    await clock.advance(2_000)
    const newcomer = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    for (const cache of [a, b, newcomer]) expect(await cache.get('k')).toBeUndefined()
  }
})

test('I6: at most one computation of a key that may be joined runs in a process', async () => {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock })
  await clock.advance(1_000)
  const source = blockedComputation('value')
  const calls: Promise<string>[] = []
  for (let round = 0; round < 4; round += 1) {
    for (let caller = 0; caller < 5; caller += 1)
      calls.push(cache.getOrCompute('k', source.compute, { tags: ['t'] }))
    await flushPromises()
    expect(source.runs).toBe(round + 1)
    await cache.invalidate('t')
  }
  await source.release()
  await Promise.all(calls)
})
