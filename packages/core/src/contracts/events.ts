import type { Invalidation, InvalidationMode, InvalidationScope } from './log'

/** Why a read found nothing it could serve as fresh. */
export type MissReason = 'absent' | 'expired' | 'invalidated' | 'unreadable' | 'unproven' | 'forced'

/** Why the bytes of an entry were not used. */
export type UnreadableReason =
  | 'garbage'
  | 'unknown-version'
  | 'wrong-key'
  | 'too-large'
  | 'unknown-codec'
  | 'seal-broken'
  | 'schema'

/** Everything a cache tells about itself, by name. Durations and ages are ms. */
export interface CacheEvents {
  hit: { key: string; tier: string; age: number }
  /** A stale value was served: while refreshing, or because computing failed. */
  stale: { key: string; tier: string; age: number; reason: 'revalidating' | 'error' }
  miss: { key: string; reason: MissReason }
  /** A caller has waited for a computation that another caller started. */
  join: { key: string; duration: number }
  compute: {
    key: string
    duration: number
    outcome: 'value' | 'error' | 'timeout' | 'aborted'
    background: boolean
  }
  /** A computed value was stored (or not, and why). */
  fill: { key: string; outcome: 'stored' | 'skipped' | 'outdated' }
  /** This process invalidated something. */
  invalidate: {
    scope: InvalidationScope
    mode: InvalidationMode
    names: readonly string[]
    outcome: 'applied' | 'queued'
  }
  /** Invalidations arrived from the log; `delay` is the time since it recorded them. The first hundred by name. */
  apply: { position: number; records: number; delay: number; invalidations: readonly Invalidation[] }
  sync: { duration: number; ok: boolean }
  /** The log lost records that this process had seen, and was told them again. */
  diverged: { reissued: number }
  /** An entry was written to a shared tier. */
  write: { key: string; tier: string; bytes: number }
  evict: { key: string; tier: string }
  unreadable: { key: string; tier: string; reason: UnreadableReason }
  /** One call of a shared tier. */
  store: {
    tier: string
    operation: 'get' | 'set' | 'delete' | 'scan' | 'lease' | 'log'
    duration: number
    ok: boolean
  }
  circuit: { tier: string; state: 'closed' | 'open' | 'half-open' }
  /** Something failed that no caller hears of. Never carries values or arguments of commands. */
  error: { operation: string; error: unknown }
  warning: { message: string }
}

export type CacheEventName = keyof CacheEvents
