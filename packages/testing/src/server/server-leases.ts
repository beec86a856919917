import type { LeaseAnswer, LeaseRequest } from '@larder/core'

export interface HeldLease {
  readonly token: string
  readonly asOf: number
  /** On the server's monotonic clock, in ms. */
  readonly expiresAt: number
}

/** Dependencies of {@link createServerLeases}. */
interface ServerLeasesOptions {
  /** Milliseconds that never go backwards. */
  monotonic(): number
  nextNonce(): number
  readEntry(key: string): Uint8Array | undefined
  /** Called when a lease of this key has ended, to wake the callers that wait for it. */
  onRelease(key: string): void
}

/** Grants leases: at most one process computes a key, and one that comes later gets the entry instead. */
export function createServerLeases(held: () => Map<string, HeldLease>, options: ServerLeasesOptions) {
  const { monotonic, nextNonce, readEntry, onRelease } = options

  return {
    /** Returns the token of the lease if it is granted. */
    acquireLease({
      key,
      asOf,
      notBefore,
      known,
      ttl,
    }: LeaseRequest): Exclude<LeaseAnswer, { lease: unknown }> | string {
      const bytes = readEntry(key)
      if (bytes !== undefined && !startsWith(bytes, known)) return { outcome: 'stored', bytes }
      const holder = held().get(key)
      if (holder !== undefined && holder.expiresAt > monotonic() && holder.asOf >= notBefore)
        return { outcome: 'busy' }
      const token = `lease ${nextNonce()}`
      held().set(key, { token, asOf, expiresAt: monotonic() + ttl })
      return token
    },

    renewLease(key: string, token: string, ttl: number): boolean {
      const holder = held().get(key)
      if (holder?.token !== token || holder.expiresAt <= monotonic()) return false
      held().set(key, { ...holder, expiresAt: monotonic() + ttl })
      return true
    },

    releaseLease(key: string, token: string): void {
      if (held().get(key)?.token !== token) return
      held().delete(key)
      onRelease(key)
    },
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array | undefined): boolean {
  return start?.every((byte, index) => bytes[index] === byte) ?? false
}
