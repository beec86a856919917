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
import type { Server } from '../server/server'
import type { Connection } from './connection'

/** Those who hear of what the server publishes, by process. */
export interface Subscribers {
  /** Listens to appends; returns an end to it. */
  follow(onMessage: (message: LogMessage) => void, onDoubt: () => void): () => void
  /** Listens for the end of leases; returns an end to it. */
  onRelease(key: string, listener: () => void): () => void
}

/** A store on a server at the other end of a connection, with a tier in memory before it. */
export function remoteStore(server: Server, connection: Connection, subscribers: Subscribers): Store {
  return {
    open: () => ({
      local: memory(),
      shared: [remoteTier(server, connection)],
      log: remoteLog(server, connection, subscribers),
      leases: remoteLeases(server, connection, subscribers),
      close: async () => undefined,
    }),
  }
}

function memory(): LocalTier {
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

function remoteTier(server: Server, { call, reset }: Connection): SharedTier {
  return {
    name: 'server',
    createCodec: createEntryCodec,
    maxTtl: Number.POSITIVE_INFINITY,
    get: (keys) => call(() => server.get(keys)),
    set: (writes) => call(() => server.set(writes)),
    delete: (keys, position, keepFor) => call(() => server.delete(keys, position, keepFor)),
    scan: async () => ({ keys: await call(() => server.keys()), cursor: undefined }),
    reset,
  }
}

function remoteLog(server: Server, { call }: Connection, { follow }: Subscribers): InvalidationLog {
  const { sync, append, reissue, forgetKeys } = server.log
  return {
    immediate: false,
    sync: (after) => call(() => sync(after)),
    append: (invalidations: readonly Invalidation[], after) => call(() => append(invalidations, after)),
    reissue: (invalidations, lost, window) => call(() => reissue(invalidations, lost, window)),
    forgetKeys: (records) => call(() => forgetKeys(records)),
    follow,
  }
}

function remoteLeases(server: Server, { call }: Connection, { onRelease }: Subscribers): Leases {
  return {
    async acquire(request) {
      const answer = await call(() => server.acquire(request))
      if (typeof answer !== 'string') return answer
      return {
        outcome: 'granted',
        lease: {
          token: answer,
          renew: (ttl) => call(() => server.renew(request.key, answer, ttl)),
          release: () => call(() => server.release(request.key, answer)),
        },
      }
    },
    onRelease,
  }
}
