// needs: redis
import type { InvalidationLog, Leases, LocalTier, OpenStore, SharedTier, Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { provideRedis } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contracts, runCheck } from '../../src/conformance/store-conformance'

const server = provideRedis(beforeAll, afterAll)
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

/** Memory before Redis, with a part replaced. */
function alteredStore(change: (opened: OpenStore) => Partial<OpenStore>): Store {
  const store = tieredStore([memoryStore({ maxEntries: 100 }), redisStore({ client })])
  return {
    open(context) {
      const opened = store.open(context)
      return { ...opened, ...change(opened) } as OpenStore
    },
  }
}

const withTier = (change: (tier: SharedTier) => Partial<SharedTier>) =>
  alteredStore(({ shared }) => ({ shared: shared.map((tier) => ({ ...tier, ...change(tier) })) }))
const withLog = (change: (log: InvalidationLog) => Partial<InvalidationLog>) =>
  alteredStore(({ log }) => ({ log: { ...log!, ...change(log!) } }))
const withLeases = (change: (leases: Leases) => Partial<Leases>) =>
  alteredStore(({ leases }) => ({ leases: { ...leases!, ...change(leases!) } }))
const withLocal = (change: (local: LocalTier) => Partial<LocalTier>) =>
  alteredStore(({ local }) => ({ local: { ...local!, ...change(local!) } }))

/** Stores with one fault each, and the guarantee whose check must fail. */
const brokenStores: readonly [fault: string, guarantee: string, makeStore: () => Store][] = [
  [
    'has no tier',
    'the store has a local tier or a shared tier',
    () => alteredStore(() => ({ local: undefined, shared: [] })),
  ],
  [
    'fails to close',
    'the store can be opened, closed and opened again',
    () => alteredStore(() => ({ close: () => Promise.reject(new Error('it stays open')) })),
  ],
  [
    'truncates bytes',
    'a written entry is read back byte for byte',
    () =>
      withTier(({ get }) => ({
        get: async (keys) => (await get(keys)).map((bytes) => bytes?.subarray(0, 200)),
      })),
  ],
  [
    'returns values in reverse order',
    'get returns values in the order of the keys, with undefined for absent keys',
    () => withTier(({ get }) => ({ get: async (keys) => (await get(keys)).toReversed() })),
  ],
  [
    'ignores case in keys',
    'keys that differ in any character are different keys',
    () =>
      withTier(({ get, set }) => ({
        get: (keys) => get(keys.map((key) => key.toLowerCase())),
        set: (writes) => set(writes.map((write) => ({ ...write, key: write.key.toLowerCase() }))),
      })),
  ],
  [
    'overwrites newer entries',
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
    'deletes newer entries',
    'delete removes entries older than its position and keeps the others',
    () =>
      withTier(({ delete: remove }) => ({
        delete: (keys, _, keepFor) => remove(keys, Number.MAX_SAFE_INTEGER, keepFor),
      })),
  ],
  [
    'leaves no tombstone',
    'after a delete, late writes of older entries are refused and newer ones accepted',
    () => withTier(({ delete: remove }) => ({ delete: (keys, position) => remove(keys, position, 0) })),
  ],
  [
    'never expires an entry',
    'an entry expires after its keepFor time',
    () =>
      withTier(({ set }) => ({
        set: (writes) => set(writes.map((write) => ({ ...write, keepFor: 3_600_000 }))),
      })),
  ],
  [
    'leaves keys out of a scan',
    'scan returns every key of its cache and no key of another cache',
    () =>
      withTier(({ scan }) => ({
        scan: async (cursor, count) => {
          const page = await scan!(cursor, count)
          return { ...page, keys: page.keys.slice(1) }
        },
      })),
  ],
  [
    'keeps the first value of a key',
    'the tier returns what a Map would, after any sequence of set and delete',
    () =>
      withLocal(({ set, peek }) => ({
        set: (entry) => (peek(entry.key) === undefined ? set(entry) : undefined),
      })),
  ],
  [
    'reports an empty usage',
    'the tier reports its usage, stays within its bounds, and reports each entry it evicts',
    () => withLocal(({ usage }) => ({ usage: () => ({ ...usage(), entries: 0, bytes: 0 }) })),
  ],
  [
    'counts a peek as a use',
    'peek does not count as a use for eviction',
    () => withLocal(({ get }) => ({ peek: get })),
  ],
  [
    'gives the same position twice',
    'positions increase across all clients that append',
    () =>
      withLog(({ append }) => ({
        append: async (...args) => ({ ...(await append(...args)), position: 1_700_000_000_000_000 }),
      })),
  ],
  [
    'leaves a record out of a page',
    'pages contain every record after the cursor, for a history of any length',
    () =>
      withLog(({ sync }) => ({
        async sync(after) {
          const page = await sync(after)
          return { ...page, records: page.records.slice(1) }
        },
      })),
  ],
  [
    'stores soft invalidations as hard ones',
    'records of every kind are read back unchanged, with any characters in their names',
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
    'returns no records from append',
    'append returns every record since the cursor, including its own',
    () =>
      withLog(({ append }) => ({ append: async (...args) => ({ ...(await append(...args)), records: [] }) })),
  ],
  [
    'reports every cursor as known',
    'a cursor of another history is reported as unknown',
    () => withLog(({ sync }) => ({ sync: async (after) => ({ ...(await sync(after)), known: true }) })),
  ],
  [
    'does not raise the floor',
    'clearing everything raises the floor to the position of the clear',
    () => withLog(({ sync }) => ({ sync: async (after) => ({ ...(await sync(after)), floor: 0 }) })),
  ],
  [
    'reissues below the lost position',
    'reissued records get a position above the lost one, and only in the term they are meant for',
    () =>
      withLog(({ reissue }) => ({ reissue: (records, target) => reissue(records, { ...target, above: 0 }) })),
  ],
  [
    'pushes without its identity',
    'every page names its log, which is the same as in pushes',
    () =>
      withLog(({ follow }) => ({
        follow: (onMessage, onDoubt) => follow((message) => onMessage({ ...message, log: 0 }), onDoubt),
      })),
  ],
  [
    'pushes without the cursor before the append',
    'every append is pushed to followers in order, with the cursor before it',
    () =>
      withLog(({ follow }) => ({
        follow: (onMessage, onDoubt) =>
          follow((message) => onMessage({ ...message, previous: { position: 0, term: 0 } }), onDoubt),
      })),
  ],
  [
    'ignores forgetKeys',
    'forgetKeys removes records of keys that are still the latest, and raises keysFloor',
    () => withLog(() => ({ forgetKeys: async () => undefined })),
  ],
  [
    'grants every lease request',
    'one of many concurrent requests gets the lease',
    () =>
      withLeases(({ acquire }) => ({
        acquire: (request) => acquire({ ...request, key: `${request.key} ${Math.random()}` }),
      })),
  ],
  [
    'never wakes waiters',
    'a released lease is free again, and its waiters are woken',
    () => withLeases(() => ({ onRelease: () => () => undefined })),
  ],
  [
    'never expires a lease',
    'a lease expires unless it is renewed',
    () => withLeases(({ acquire }) => ({ acquire: (request) => acquire({ ...request, ttl: 3_600_000 }) })),
  ],
  [
    'never lets a lease be taken over',
    'a lease from before an invalidation is taken over, and its holder loses it',
    () => withLeases(({ acquire }) => ({ acquire: (request) => acquire({ ...request, notBefore: 0 }) })),
  ],
  [
    'hides a stored entry from lease requests',
    'a request gets the stored entry if it differs from the one the caller knows',
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
    'a write under a lease releases it',
    () =>
      withTier(({ set }) => ({
        set: (writes) => set(writes.map((write) => ({ ...write, lease: undefined }))),
      })),
  ],
]

const checks = contracts.flatMap((contract) => contract.checks)

test.each(brokenStores)(
  'a store that %s fails the check: %s',
  async (_, guarantee, makeStore) => {
    const check = checks.find((each) => each.guarantee === guarantee)
    expect(check).toBeDefined()
    await expect(runCheck(check!, makeStore())).rejects.toThrow()
  },
  20_000,
)
