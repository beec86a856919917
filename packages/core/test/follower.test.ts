import { describe, expect, test } from 'vitest'
import type { InvalidationLog, LogMessage, LogRecord } from '../src/contracts/log'
import { createCache, type OpenStore, type Store } from '../src/index'
import { createFollower } from '../src/invalidation/follower'
import { createTagGraph } from '../src/invalidation/tag-graph'
import { createTagTable } from '../src/invalidation/tag-table'
import { manualClock } from './support/manual-clock'
import { createWorld } from './support/world'

/** The store with another implementation of `log.follow`. */
function storeWithFollow(store: Store, follow: InvalidationLog['follow']): Store {
  return {
    open(context) {
      const opened = store.open(context)
      return { ...opened, log: opened.log && { ...opened.log, follow } } as OpenStore
    },
  }
}

const record: LogRecord = { scope: 'key', mode: 'hard', name: 'k', position: 1 }
const message: LogMessage = {
  log: 1,
  previous: { position: 0, term: 1 },
  cursor: { position: 1, term: 1 },
  records: [record],
}

describe('a log that pushes a record before follow() returns', () => {
  test('is followed by createCache like any other', async () => {
    const clock = manualClock()
    const store = storeWithFollow(createWorld(clock).store(), (onMessage, onDoubt) => {
      onMessage(message)
      onDoubt()
      return () => undefined
    })
    const cache = createCache({ name: 'test', store, clock })
    await clock.advance(1_000)
    await cache.set('k', 'value')
    expect(await cache.get('k')).toBe('value')
    // Only a page tells of which log the push is.
    expect(cache.stats().follows).toBe(0)
    await cache.close()
  })
})

test('a follower neither subscribes nor calls the log before it is started', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const calls: string[] = []
  const store = world.store().open({ name: 'test', clock, report: () => undefined, evicted: () => undefined })
  if (store.log === undefined) throw new Error('A world has a log.')
  const { log } = store
  const follower = createFollower({
    log: {
      ...log,
      sync: (after) => {
        calls.push('sync')
        return log.sync(after)
      },
      follow: (onMessage, onDoubt) => {
        calls.push('follow')
        return log.follow(onMessage, onDoubt)
      },
    },
    clock,
    table: createTagTable({ maxNames: 100, separator: ':' }),
    graph: createTagGraph({ separator: ':', maxClosure: 10, maxLinks: 10 }),
    maxStaleness: 2_000,
    syncInterval: 800,
    settleTime: 0,
    outboxCapacity: 10,
  })
  await clock.advance(5_000)
  expect(calls).toEqual([])
  follower.start({
    onKey: () => undefined,
    onGap: () => undefined,
    deleteEntries: async () => true,
    onInvalidate: () => undefined,
    onSync: () => undefined,
    onApply: () => undefined,
    onDiverged: () => undefined,
    onTagSeparator: () => undefined,
  })
  await clock.advance(1_000)
  expect(calls).toEqual(['follow', 'sync'])
  await follower.close()
})
