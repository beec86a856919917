/** The right to compute one key, across processes. */
export interface Lease {
  /** Extends the lease to another `ttl` ms; `false` when it is lost. */
  renew(ttl: number): Promise<boolean>
  /** Gives the lease back and wakes those who wait for the key. A store that is written under the lease does it by itself. */
  release(): Promise<void>
  /** Proves the holder to {@link SharedTier.set}. */
  readonly token: string
}

/**
 * What came of asking for a lease: `granted`; `busy` while somebody else computes; `stored` when an entry other
 * than the one the asker knows has appeared meanwhile.
 */
export type LeaseAnswer =
  | { readonly outcome: 'granted'; readonly lease: Lease }
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'stored'; readonly bytes: Uint8Array }

/** How much of an entry tells it from another one of the same key: its position, kind and time of creation. */
export const fingerprintBytes = 17

/** What the asker of a lease says. */
export interface LeaseRequest {
  readonly key: string
  /** The position the asker's computation would start from. */
  readonly asOf: number
  /** A holder that started before this position computes from data already invalidated: the lease is taken over. */
  readonly notBefore: number
  /** The first {@link fingerprintBytes} bytes of the entry the asker has seen; any other entry is an answer. */
  readonly known: Uint8Array | undefined
  /** How long the lease lasts without renewal, in ms. */
  readonly ttl: number
}

/** Single-flight between processes. A lease saves work; correctness never depends on it. */
export interface Leases {
  acquire(request: LeaseRequest): Promise<LeaseAnswer>
  /** Calls `listener` when a holder of this key has stored or given up. Returns an end to listening. */
  onRelease(key: string, listener: () => void): () => void
}
