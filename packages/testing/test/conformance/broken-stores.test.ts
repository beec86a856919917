import type { InvalidationLog, Leases, LocalTier, OpenStore, SharedTier, Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contracts, runCheck } from '../../src/conformance/store-conformance'

let server: RedisServer
let client: Redis

beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
  await server.close()
})

/** A store with one thing changed. */
function changed(change: (opened: OpenStore) => Partial<OpenStore>): Store {
  const store = tieredStore([memoryStore({ maxEntries: 100 }), redisStore({ client })])
  return {
    open(context) {
      const opened = store.open(context)
      return { ...opened, ...change(opened) }
    },
  }
}

const withTier = (change: (tier: SharedTier) => Partial<SharedTier>) =>
  changed(({ shared }) => ({ shared: shared.map((tier) => ({ ...tier, ...change(tier) })) }))
const withLog = (change: (log: InvalidationLog) => Partial<InvalidationLog>) =>
  changed(({ log }) => ({ log: { ...log!, ...change(log!) } }))
const withLeases = (change: (leases: Leases) => Partial<Leases>) =>
  changed(({ leases }) => ({ leases: { ...leases!, ...change(leases!) } }))
const withLocal = (change: (local: LocalTier) => Partial<LocalTier>) =>
  changed(({ local }) => ({ local: { ...local!, ...change(local!) } }))

/** What each of these stores does wrong, and the promise that names it. */
const broken: readonly [fault: string, promise: string, make: () => Store][] = [
  [
    'keeps nothing',
    'it has a place to keep entries',
    () => changed(() => ({ local: undefined, shared: [] })),
  ],
  [
    'fails to close',
    'it can be opened, closed and opened again',
    () => changed(() => ({ close: () => Promise.reject(new Error('it stays open')) })),
  ],
  [
    'truncates bytes',
    'what was written is read, byte for byte',
    () =>
      withTier(({ get }) => ({
        get: async (keys) => (await get(keys)).map((bytes) => bytes?.subarray(0, 200)),
      })),
  ],
  [
    'answers in an order of its own',
    'answers come in the order of the keys, and are undefined where there is nothing',
    () => withTier(({ get }) => ({ get: async (keys) => (await get(keys)).toReversed() })),
  ],
  [
    'ignores case in keys',
    'keys of any characters stay apart',
    () =>
      withTier(({ get, set }) => ({
        get: (keys) => get(keys.map((key) => key.toLowerCase())),
        set: (writes) => set(writes.map((write) => ({ ...write, key: write.key.toLowerCase() }))),
      })),
  ],
  [
    'writes over newer entries',
    'a newer entry is never replaced by an older one',
    () =>
      withTier(({ set, delete: remove }) => ({
        async set(writes) {
          await remove(
            writes.map(({ key }) => key),
            Number.MAX_SAFE_INTEGER,
            0,
          )
          await set(writes)
        },
      })),
  ],
  [
    'deletes newer entries too',
    'a delete removes what is older than its position, and leaves what is not',
    () =>
      withTier(({ delete: remove }) => ({
        delete: (keys, _, keepFor) => remove(keys, Number.MAX_SAFE_INTEGER, keepFor),
      })),
  ],
  [
    'leaves no tombstone',
    'a delete refuses older entries that arrive late, and only those',
    () => withTier(({ delete: remove }) => ({ delete: (keys, position) => remove(keys, position, 0) })),
  ],
  [
    'never lets an entry end',
    'an entry is gone after the time it is kept for',
    () =>
      withTier(({ set }) => ({
        set: (writes) => set(writes.map((write) => ({ ...write, keepFor: 3_600_000 }))),
      })),
  ],
  [
    'overlooks keys when it scans',
    'a scan finds every key of its cache, and none of another',
    () =>
      withTier(({ scan }) => ({
        scan: async (cursor, count) => {
          const page = await scan(cursor, count)
          return { ...page, keys: page.keys.slice(1) }
        },
      })),
  ],
  [
    'keeps the first value of a key',
    'it answers like a Map, whatever is set and deleted in whatever order',
    () =>
      withLocal(({ set, peek }) => ({
        set: (entry) => (peek(entry.key) === undefined ? set(entry) : undefined),
      })),
  ],
  [
    'says that it is empty',
    'it says how full it is and stays within its bounds, and tells of what it removes to do so',
    () => withLocal(({ usage }) => ({ usage: () => ({ ...usage(), entries: 0, bytes: 0 }) })),
  ],
  ['counts a peek as a use', 'a peek does not count as a use', () => withLocal(({ get }) => ({ peek: get }))],
  [
    'gives one position twice',
    'positions increase, whoever appends',
    () =>
      withLog(({ append }) => ({
        append: async (...args) => ({ ...(await append(...args)), position: 1_700_000_000_000_000 }),
      })),
  ],
  [
    'cuts a record from a page',
    'a page misses nothing between a cursor and the end, and a history of any length is read to its end',
    () =>
      withLog(({ sync }) => ({
        async sync(after) {
          const page = await sync(after)
          return { ...page, records: page.records.slice(1) }
        },
      })),
  ],
  [
    'takes soft invalidations for hard ones',
    'records of every kind come back as they were, whatever characters their names hold',
    () =>
      withLog(({ append }) => ({
        append: (records, after) =>
          append(
            records.map((record) => ({ ...record, mode: 'hard' })),
            after,
          ),
      })),
  ],
  [
    'answers an append with nothing',
    'an append answers with everything since the cursor, itself included',
    () =>
      withLog(({ append }) => ({ append: async (...args) => ({ ...(await append(...args)), records: [] }) })),
  ],
  [
    'hides a loss',
    'a cursor that it did not give is not known to it',
    () => withLog(({ sync }) => ({ sync: async (after) => ({ ...(await sync(after)), known: true }) })),
  ],
  [
    'leaves the floor where it was',
    'clearing everything raises the floor to its own position',
    () => withLog(({ sync }) => ({ sync: async (after) => ({ ...(await sync(after)), floor: 0 }) })),
  ],
  [
    'repeats below what was lost',
    'what is told again lies above what was lost, with what was recorded shortly before that',
    () => withLog(({ append }) => ({ reissue: (records) => append(records, undefined) })),
  ],
  [
    'pushes without saying after what',
    'every append is pushed to those who follow, after the one before it',
    () =>
      withLog(({ follow }) => ({
        follow: (onMessage, onDoubt) =>
          follow((message) => onMessage({ ...message, previous: { position: 0, nonce: '' } }), onDoubt),
      })),
  ],
  [
    'forgets no record of a key',
    'records of keys are forgotten when it is told to, and only if they are still the latest',
    () => withLog(() => ({ forgetKeys: async () => undefined })),
  ],
  [
    'gives a lease to everybody',
    'of many who ask at once, one gets the lease',
    () =>
      withLeases(({ acquire }) => ({
        acquire: (request) => acquire({ ...request, key: `${request.key} ${Math.random()}` }),
      })),
  ],
  [
    'wakes nobody',
    'a lease that was given back is free, and those who wait are woken',
    () => withLeases(() => ({ onRelease: () => () => undefined })),
  ],
  [
    'lets leases last for ever',
    'a lease runs out unless it is renewed',
    () => withLeases(({ acquire }) => ({ acquire: (request) => acquire({ ...request, ttl: 3_600_000 }) })),
  ],
  [
    'never takes a lease over',
    'one that started before an invalidation is taken over, and lost to its holder',
    () => withLeases(({ acquire }) => ({ acquire: (request) => acquire({ ...request, notBefore: 0 }) })),
  ],
  [
    'does not hand over what is stored',
    'whoever asks while an entry is there that he does not know gets that entry',
    () =>
      withLeases(({ acquire }) => ({
        async acquire(request) {
          const answer = await acquire(request)
          return answer.outcome === 'stored' ? { outcome: 'busy' } : answer
        },
      })),
  ],
  [
    'keeps the lease after the write',
    'a write under a lease gives it back',
    () =>
      withTier(({ set }) => ({
        set: (writes) => set(writes.map((write) => ({ ...write, lease: undefined }))),
      })),
  ],
]

const checks = contracts.flatMap((contract) => contract.checks)

test.each(broken)(
  'a store that %s breaks the promise: %s',
  async (_, promise, make) => {
    const check = checks.find((each) => each.promise === promise)
    expect(check).toBeDefined()
    await expect(runCheck(check!, make())).rejects.toThrow()
  },
  20_000,
)
