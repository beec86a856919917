import { randomUUID } from 'node:crypto'
import type { Lease, Leases } from '@larder/core'
import type { Connection } from './connection'
import type { MessageHub } from './message-hub'
import type { Names } from './names'
import { acquireLease, leaseReply, releaseLease, renewLease } from './scripts/lease-scripts'

interface LeasesOptions {
  readonly connection: Connection
  readonly hub: MessageHub
  readonly names: Names
}

/** The leases of one cache: each lies next to its entry, and its release is published to the callers that wait for it. */
export function createLeases({ connection, hub, names }: LeasesOptions): Leases & { close(): void } {
  const waitersByKey = new Map<string, Set<() => void>>()
  const stopListening = hub.listenTo(names.done, {
    onMessage(key) {
      for (const wake of waitersByKey.get(key) ?? []) wake()
    },
    // Waiting callers also poll.
    onPossibleLoss: () => undefined,
  })

  function createLease(key: string, token: string): Lease {
    const lease = names.lease(key)
    return {
      token,
      renew: async (ttl) =>
        (await connection.runScript(renewLease.callWith({ lease, token, lifetime: Math.ceil(ttl) }))) === 1,
      release: async () =>
        void (await connection.runScript(releaseLease.callWith({ lease, token, channel: names.done, key }))),
    }
  }

  return {
    close: stopListening,
    async acquire({ key, asOf, notBefore, known, ttl }) {
      const token = randomUUID()
      const reply = (await connection.runScript(
        acquireLease.callWith({
          entry: names.entry(key),
          lease: names.lease(key),
          token,
          position: String(asOf),
          notBefore: String(notBefore),
          knownPrefix: known === undefined ? '' : Buffer.from(known),
          lifetime: Math.ceil(ttl),
        }),
      )) as [outcome: number, bytes: Buffer]
      if (reply[0] === leaseReply.stored) return { outcome: 'stored', bytes: reply[1] }
      return reply[0] === leaseReply.granted
        ? { outcome: 'granted', lease: createLease(key, token) }
        : { outcome: 'busy' }
    },
    onRelease(key, listener) {
      const waiters = waitersByKey.get(key) ?? new Set()
      waitersByKey.set(key, waiters.add(listener))
      return () => {
        waiters.delete(listener)
        if (waiters.size === 0) waitersByKey.delete(key)
      }
    },
  }
}
