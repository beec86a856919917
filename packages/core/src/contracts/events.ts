import type { Invalidation, InvalidationMode, InvalidationScope } from './log'

/** Why a read found no entry it could serve as fresh. */
export type MissReason = 'absent' | 'expired' | 'invalidated' | 'unreadable' | 'unproven' | 'forced'

/** Why the stored bytes of an entry could not be used. */
export type UnreadableReason =
  | 'garbage'
  | 'unknown-version'
  | 'wrong-key'
  | 'too-large'
  | 'unknown-codec'
  | 'seal-broken'
  | 'schema'

/**
 * Whether a computed value was stored. `outdated`: something that it depends on was invalidated since its computation began,
 * or that was more than ten minutes ago. `skipped`: its options do not let it be stored, it was read inside a transaction, or
 * the cache is closed or disabled.
 */
export type FillOutcome = 'stored' | 'outdated' | 'skipped'

/**
 * Why a computed value was not stored: its `ttl` was 0, `cacheIf` refused it, the computation called `context.skip()`, it was
 * made of a value that could not be stored (`dependency`), or an option or limit ruled it out, which is a warning as well
 * (`unstorable`).
 */
export type SkipReason = 'ttl' | 'cacheIf' | 'skip' | 'dependency' | 'unstorable'

/** How a computation ended. `busy`: it was not made, because of `maxConcurrentComputes`. */
export type ComputeOutcome = 'value' | 'error' | 'timeout' | 'aborted' | 'busy'

export type CircuitState = 'closed' | 'open' | 'half-open'

/**
 * The events of a cache, by name. Durations and ages are in ms. `function` is the name in `stats().functions`; keys are
 * qualified by their namespace.
 */
export interface CacheEvents {
  /** A fresh value was served. */
  hit: { key: string; function: string; tier: string; age: number }
  /** A stale value was served: during a refresh, or because the computation failed. */
  stale: { key: string; function: string; tier: string; age: number; reason: 'revalidating' | 'error' }
  /** A read found no entry that it could serve as fresh. */
  miss: { key: string; function: string; reason: MissReason }
  /** A caller waited for a computation that another caller had started. */
  join: { key: string; function: string; duration: number }
  /** A computation has ended. `background`: no caller waited for it. */
  compute: {
    key: string
    function: string
    duration: number
    outcome: ComputeOutcome
    background: boolean
  }
  /** A computed value was stored, or not. `reason`: why it was skipped. */
  fill: { key: string; function: string; outcome: FillOutcome; reason: SkipReason | undefined }
  /** This process invalidated something. */
  invalidate: {
    scope: InvalidationScope
    mode: InvalidationMode
    names: readonly string[]
    outcome: 'applied' | 'queued'
  }
  /**
   * Records that other processes appended to the log came into force here, `delay` ms after the log recorded the last of them.
   * `invalidations` holds the first hundred.
   */
  apply: { position: number; records: number; delay: number; invalidations: readonly Invalidation[] }
  /** The log was polled. */
  sync: { duration: number; ok: boolean }
  /** The log had lost records that this process had seen; they were appended again. */
  diverged: { reissued: number }
  /** An entry was written to a shared tier. `function` is undefined for a copy of an entry of a farther tier. */
  write: { key: string; function: string | undefined; tier: string; bytes: number }
  /** An entry was removed to make room. */
  evict: { key: string; tier: string }
  /** The bytes of an entry could not be used; the read went on as a miss. */
  unreadable: { key: string; tier: string; reason: UnreadableReason }
  /** An audit found an entry that differs from its source: an invalidation was missing. */
  mismatch: { key: string; age: number; tags: readonly string[] }
  /** A call to a shared store has ended. */
  store: {
    tier: string
    operation: 'get' | 'set' | 'delete' | 'scan' | 'lease' | 'log'
    duration: number
    ok: boolean
  }
  /**
   * An outage of a store begins (`open`) or has ended (`closed`). An outage ends once calls succeed for `circuitPause`; `flaps`
   * counts how often its circuit opened again before that. `duration` is that of the outage, 0 when it begins.
   */
  circuit: { tier: string; state: 'open' | 'closed'; duration: number; flaps: number }
  /** A failure that was reported to no caller. Never carries values or arguments of commands. */
  error: { operation: string; error: unknown }
  /** Something that works, but not as intended. */
  warning: { message: string }
}

export type CacheEventName = keyof CacheEvents

/** The name of every event. One that is missing here does not compile. */
export const eventNames: Readonly<Record<CacheEventName, true>> = {
  hit: true,
  stale: true,
  miss: true,
  join: true,
  compute: true,
  fill: true,
  invalidate: true,
  apply: true,
  sync: true,
  diverged: true,
  write: true,
  evict: true,
  unreadable: true,
  mismatch: true,
  store: true,
  circuit: true,
  error: true,
  warning: true,
}
