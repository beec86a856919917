import { randomUUID } from 'node:crypto'
import type { Lease, Leases } from '@larder/core'
import type { Connection } from './connection'
import type { Names } from './names'
import { acquireLease, releaseLease, renewLease } from './scripts/entry-scripts'
import type { Hub } from './subscriber'

/** What the leases of one cache need. */
export interface LeasesOptions {
  readonly connection: Connection
  readonly hub: Hub
  readonly names: Names
}

/** Leases beside the entries they are for, and word of their end over the hub. */
export function redisLeases({ connection, hub, names }: LeasesOptions): Leases & { close(): void } {
  const waiting = new Map<string, Set<() => void>>()
  const close = hub.listen(names.done, {
    onMessage(key) {
      for (const wake of waiting.get(key) ?? []) wake()
    },
    // Whoever waits also looks by itself.
    onDoubt: () => undefined,
  })

  function leaseOf(key: string, token: string): Lease {
    const keys = [names.lease(key)]
    return {
      token,
      renew: async (ttl) =>
        (await connection.run({ script: renewLease, keys, args: [token, Math.ceil(ttl)] })) === 1,
      release: async () =>
        void (await connection.run({ script: releaseLease, keys, args: [token, names.done, key] })),
    }
  }

  return {
    close,
    async acquire({ key, asOf, notBefore, known, ttl }) {
      const token = randomUUID()
      const fingerprint = known === undefined ? '' : Buffer.from(known)
      const reply = (await connection.run({
        script: acquireLease,
        keys: [names.entry(key), names.lease(key)],
        args: [token, String(asOf), String(notBefore), fingerprint, Math.ceil(ttl)],
      })) as [outcome: number, bytes: Buffer]
      if (reply[0] === 2) return { outcome: 'stored', bytes: reply[1] }
      return reply[0] === 1 ? { outcome: 'granted', lease: leaseOf(key, token) } : { outcome: 'busy' }
    },
    onRelease(key, listener) {
      const listeners = waiting.get(key) ?? new Set()
      waiting.set(key, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) waiting.delete(key)
      }
    },
  }
}
