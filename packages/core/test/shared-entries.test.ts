import { describe, expect, test } from 'vitest'
import { maxPositionLead } from '../src/contracts/log'
import { createCache } from '../src/index'
import { createFollower } from '../src/invalidation/follower'
import { createLocalLog } from '../src/invalidation/local-log'
import { createLocalLogState } from '../src/invalidation/local-log-state'
import { createTagGraph } from '../src/invalidation/tag-graph'
import { createTagTable } from '../src/invalidation/tag-table'
import { createValidity } from '../src/storage/validity'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

function openValidity() {
  const clock = manualClock()
  const table = createTagTable({ maxNames: 100, separator: ':' })
  const follower = createFollower({
    log: createLocalLog(clock, createLocalLogState()),
    clock,
    table,
    graph: createTagGraph({ separator: ':', maxClosure: 10, maxLinks: 10 }),
    maxStaleness: 2_000,
    syncInterval: 800,
    settleTime: 0,
    outboxCapacity: 10,
  })
  return { table, now: clock.now() * 1_000, validity: createValidity(follower, clock, 2_000) }
}

const headerAt = (asOf: number, term = 0) => ({ key: 'k', tags: [], asOf, term })

describe('an entry of a shared tier', () => {
  test('that is older than the last forgotten record of a key is not served if its tier is apart from the log', () => {
    const { table, validity } = openValidity()
    table.raiseKeysFloor(50)
    expect(validity.findRejection(headerAt(49), true)).toBe('invalidated')
    expect(validity.findRejection(headerAt(50), true)).toBe(undefined)
    expect(validity.findRejection(headerAt(49), false)).toBe(undefined)
  })

  test('more than a day ahead of the clock of the log is not served', () => {
    const { now, validity } = openValidity()
    expect(validity.findRejection(headerAt(now + maxPositionLead - 1), false)).toBe(undefined)
    expect(validity.findRejection(headerAt(now + maxPositionLead + 1), false)).toBe('invalidated')
    expect(validity.findRejection(headerAt(Number.MAX_SAFE_INTEGER), false)).toBe('invalidated')
  })

  test('is judged within the history that is followed: a term ends where the next one began', () => {
    const { table, validity } = openValidity()
    table.followTerms([
      { id: 7, from: 10, server: 'a' },
      { id: 8, from: 20, server: 'b' },
    ])
    expect(validity.findRejection(headerAt(20, 7), false)).toBe(undefined)
    expect(validity.findRejection(headerAt(21, 7), false)).toBe('invalidated')
    expect(validity.findRejection(headerAt(21, 8), false)).toBe(undefined)
    // Only the log can tell whether term 9 has begun.
    expect(validity.findRejection(headerAt(15, 9), false)).toBeInstanceOf(Promise)
  })

  test('is not made of a value that was still looked for when its cache was closed', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const wire = createWire()
    const cache = createCache({ name: 'x', store: world.store({ wire }), clock })
    await cache.invalidate('any')
    wire.mode = 'hang'
    const page = cache.getOrCompute('page', () => cache.getOrCompute('part', () => 1, { tags: ['t'] }))
    const closing = cache.close()
    wire.mode = 'work'
    await clock.advance(1_000)
    await closing
    expect(await page).toBe(1)
    expect([...world.entries.keys()]).toEqual([])
  })

  test('that is set by a process which has not read the log to its end has the ancestors of its tags', async () => {
    const clock = manualClock()
    const world = createWorld(clock, 3)
    const start = () => createCache({ name: 'test', store: world.store(), clock, ttl: '1h' })
    const a = start()
    await clock.advance(1_000)
    for (let index = 0; index < 9; index += 1) {
      await clock.advance(1)
      await a.invalidate(`other:${index}`)
    }
    await a.link('product:1', 'category:5')
    const b = start()
    await b.set('product', 'old', { tags: 'product:1' })
    await a.invalidate('category:5')
    await clock.advance(100)
    expect([await a.get('product'), await b.get('product')]).toEqual([undefined, undefined])
  })

  test('of a term that is not known here is neither judged nor removed before a sync', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    // A push would make the reader sync before it reads.
    const wires = [createWire(), { ...createWire(), isDeaf: true }]
    const [writer, reader] = wires.map((wire) =>
      createCache({ name: 'test', store: world.store({ local: false, wire }), clock, ttl: '1h' }),
    )
    await clock.advance(3_000)
    world.failOver(world.position)
    await writer?.set('k', 'value')
    const syncsBefore = reader?.stats().syncs.ok ?? 0
    await reader?.get('k')
    expect(reader?.stats().syncs.ok).toBeGreaterThan(syncsBefore)
    expect(world.entries.get('k')?.length).toBeGreaterThan(8)
    await clock.advance(10_000)
    expect(await reader?.get('k')).toBe('value')
    await writer?.close()
    await reader?.close()
  })
})
