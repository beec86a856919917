/** The exclusive right to compute one key, across processes. */
export interface Lease {
  /** Extends the lease by `ttl` ms from now; resolves to `false` if it was lost. */
  renew(ttl: number): Promise<boolean>
  /** Releases the lease and wakes the waiters of the key. A write under the lease releases it as well. */
  release(): Promise<void>
  /** Identifies the holder when an entry is written under the lease. */
  readonly token: string
}

/**
 * The answer to a {@link LeaseRequest}: `granted`; `busy` while another process computes; `stored` if an entry other than
 * the one the requester knows has been stored meanwhile.
 */
export type LeaseAnswer =
  | { readonly outcome: 'granted'; readonly lease: Lease }
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'stored'; readonly bytes: Uint8Array }

/** Length of the prefix, in bytes, that distinguishes two entries of a key: position, kind and time of creation. */
export const fingerprintBytes = 23

/** A request for a lease. */
export interface LeaseRequest {
  readonly key: string
  /** The position that the requester's computation would start from. */
  readonly asOf: number
  /** A holder that started before this position computes from invalidated data: its lease is taken over. */
  readonly notBefore: number
  /** The first {@link fingerprintBytes} bytes of the entry the requester has seen; any other entry is an answer. */
  readonly known: Uint8Array | undefined
  /** Duration of the lease without renewal, in ms. */
  readonly ttl: number
}

/** Single flight across processes. A lease saves work; correctness never depends on it. */
export interface Leases {
  acquire(request: LeaseRequest): Promise<LeaseAnswer>
  /** Calls `listener` when the holder of this key has stored a value or given up. Returns a function that unsubscribes. */
  onRelease(key: string, listener: () => void): () => void
}
