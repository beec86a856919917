import type {
  Invalidation,
  InvalidationLog,
  Leases,
  LocalEntry,
  LocalTier,
  LogMessage,
  SharedTier,
  Store,
} from '@larder/core'
import { createEntryCodec } from '@larder/core/encoding'
import type { FakeServer } from '../server/fake-server'
import type { Connection } from './connection'

/** The messages that a server pushes to one process. */
export interface PushSource {
  /** Subscribes to appends; returns the unsubscribe function. */
  follow(onMessage: (message: LogMessage) => void, onDoubt: () => void): () => void
  /** Subscribes to the release of leases on `key`; returns the unsubscribe function. */
  onRelease(key: string, listener: () => void): () => void
}

/** A two-tier store: a Map in memory before the server that is at the other end of the connection at the time of a call. */
export function remoteStore(
  currentServer: () => FakeServer,
  connection: Connection,
  pushes: PushSource,
): Store {
  return {
    open: () => ({
      local: createMapTier(),
      shared: [remoteTier(currentServer, connection)],
      log: remoteLog(currentServer, connection, pushes),
      leases: remoteLeases(currentServer, connection, pushes),
      close: async () => connection.close(),
    }),
  }
}

function createMapTier(): LocalTier {
  const entries = new Map<string, LocalEntry>()
  return {
    name: 'memory',
    maxTtl: Number.POSITIVE_INFINITY,
    get: (key) => entries.get(key),
    peek: (key) => entries.get(key),
    set: (entry) => void entries.set(entry.key, entry),
    delete: (key) => void entries.delete(key),
    usage: () => ({ entries: entries.size, maxEntries: 1_000, bytes: 0, maxBytes: 1 }),
    entries: () => entries.values(),
  }
}

function remoteTier(
  currentServer: () => FakeServer,
  { callServer, resetConnection: reset }: Connection,
): SharedTier {
  return {
    name: 'server',
    createCodec: createEntryCodec,
    maxTtl: Number.POSITIVE_INFINITY,
    get: (keys) => callServer(() => currentServer().get(keys)),
    set: (writes) => callServer(() => currentServer().set(writes)),
    delete: (keys, position, keepFor) => callServer(() => currentServer().delete(keys, position, keepFor)),
    scan: async () => ({ keys: await callServer(() => currentServer().keys()), cursor: undefined }),
    reset,
  }
}

function remoteLog(
  currentServer: () => FakeServer,
  { callLog }: Connection,
  { follow }: PushSource,
): InvalidationLog {
  return {
    immediate: false,
    sync: (after) => callLog(() => currentServer().log.sync(after)),
    append: (invalidations: readonly Invalidation[], after) =>
      callLog(() => currentServer().log.append(invalidations, after)),
    reissue: (invalidations, target) => callLog(() => currentServer().log.reissue(invalidations, target)),
    forgetKeys: (records) => callLog(() => currentServer().log.forgetKeys(records)),
    follow,
  }
}

function remoteLeases(
  currentServer: () => FakeServer,
  { callServer }: Connection,
  { onRelease }: PushSource,
): Leases {
  return {
    async acquire(request) {
      const answer = await callServer(() => currentServer().acquireLease(request))
      if (typeof answer !== 'string') return answer
      return {
        outcome: 'granted',
        lease: {
          token: answer,
          renew: (ttl) => callServer(() => currentServer().renewLease(request.key, answer, ttl)),
          release: () => callServer(() => currentServer().releaseLease(request.key, answer)),
        },
      }
    },
    onRelease,
  }
}
