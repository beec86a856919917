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

/** A two-tier store: a Map in memory before a server at the other end of a connection. */
export function remoteStore(server: FakeServer, connection: Connection, pushes: PushSource): Store {
  return {
    open: () => ({
      local: createMapTier(),
      shared: [remoteTier(server, connection)],
      log: remoteLog(server, connection, pushes),
      leases: remoteLeases(server, connection, pushes),
      close: async () => undefined,
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

function remoteTier(server: FakeServer, { callServer, resetConnection: reset }: Connection): SharedTier {
  return {
    name: 'server',
    createCodec: createEntryCodec,
    maxTtl: Number.POSITIVE_INFINITY,
    get: (keys) => callServer(() => server.get(keys)),
    set: (writes) => callServer(() => server.set(writes)),
    delete: (keys, position, keepFor) => callServer(() => server.delete(keys, position, keepFor)),
    scan: async () => ({ keys: await callServer(() => server.keys()), cursor: undefined }),
    reset,
  }
}

function remoteLog(server: FakeServer, { callServer }: Connection, { follow }: PushSource): InvalidationLog {
  const { sync, append, reissue, forgetKeys } = server.log
  return {
    immediate: false,
    sync: (after) => callServer(() => sync(after)),
    append: (invalidations: readonly Invalidation[], after) => callServer(() => append(invalidations, after)),
    reissue: (invalidations, lost, window) => callServer(() => reissue(invalidations, lost, window)),
    forgetKeys: (records) => callServer(() => forgetKeys(records)),
    follow,
  }
}

function remoteLeases(server: FakeServer, { callServer }: Connection, { onRelease }: PushSource): Leases {
  return {
    async acquire(request) {
      const answer = await callServer(() => server.acquireLease(request))
      if (typeof answer !== 'string') return answer
      return {
        outcome: 'granted',
        lease: {
          token: answer,
          renew: (ttl) => callServer(() => server.renewLease(request.key, answer, ttl)),
          release: () => callServer(() => server.releaseLease(request.key, answer)),
        },
      }
    },
    onRelease,
  }
}
