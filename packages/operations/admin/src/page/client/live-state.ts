import type { ReadKind, ReadStats, ServerUsage } from '@larder/core'
import type { ServiceState } from '../../observation/service-readings'

/** The `state` event of the live stream, which the server sends every second. */
export interface LiveState {
  readonly at: string
  /** Whether the user may change anything. */
  readonly may: 'read' | 'write'
  /** The process that answers. */
  readonly process: {
    readonly host: string
    readonly pid: number
    readonly runtime: string
    /** Of Larder. */
    readonly version: string
    /** In ms. */
    readonly uptime: number
  }
  readonly stats: {
    readonly functions: Readonly<Record<string, ReadStats>>
    readonly errors: number
    readonly flights: number
    readonly outbox: number
    readonly lag: number | null
    readonly maxStaleness: number
    /** Empty for a cache without a shared store. */
    readonly circuits: readonly { readonly state: 'closed' | 'open' | 'half-open' }[]
    readonly servers: readonly ServerUsage[]
    readonly usage?: {
      readonly entries: number
      readonly maxEntries: number
      readonly bytes: number
      readonly maxBytes: number
    }
  }
  /** The kind of the reads of each function. */
  readonly kinds: Readonly<Record<string, ReadKind>>
  readonly health: {
    readonly status: 'pass' | 'warn' | 'fail'
    readonly checks: readonly { name: string; status: string; detail: string }[]
  }
  readonly activity: {
    readonly reads: number
    readonly costlyKeys: readonly { key: string; time: number }[]
    readonly topKeys: readonly { name: string; uses: number }[]
    readonly topTags: readonly { name: string; uses: number }[]
    readonly slowCall?: number
  }
  readonly advice: {
    readonly status: 'ready' | 'waiting' | 'outage'
    readonly advice: readonly { title: string; evidence: string; advice: string; function?: string }[]
  }
  readonly services: readonly ServiceState[]
  readonly warmUps: readonly WarmUp[]
  readonly lastError?: LoggedError
}

/** Errors of one operation with the same message: the last one in a `state` event, and an item of `GET errors`. */
export interface LoggedError {
  readonly operation: string
  readonly message: string
  readonly count: number
  readonly lastAt: string
}

/** The latest run of a warm-up; it is running until it has a report. */
export interface WarmUp {
  readonly name: string
  readonly progress?: { readonly done: number; readonly failed: number; readonly total?: number }
  readonly report?: { readonly done: number; readonly failed: number; readonly duration: number }
}

/** The `invalidation` event of the live stream, and an item of `GET invalidations`. */
export interface HistoryItem {
  readonly at: string
  readonly from: string
  readonly scope: string
  readonly mode: string
  readonly name: string
  readonly delay?: number
}
