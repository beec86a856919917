/** What the server tells every second, as JSON has it. */
export interface State {
  readonly at: string
  readonly stats: {
    readonly hits: Readonly<Record<string, number>>
    readonly stale: number
    readonly misses: number
    readonly computes: Readonly<Record<string, number>>
    readonly evictions: number
    readonly errors: number
    readonly flights: number
    readonly outbox: number
    readonly lag: number | null
    readonly usage?: {
      readonly entries: number
      readonly maxEntries: number
      readonly bytes: number
      readonly maxBytes: number
    }
  }
  readonly health: {
    readonly status: 'pass' | 'warn' | 'fail'
    readonly checks: readonly { name: string; status: string; detail: string }[]
  }
  readonly activity: {
    readonly reads: number
    readonly topKeys: readonly { name: string; uses: number }[]
    readonly topTags: readonly { name: string; uses: number }[]
    readonly slowCall?: number
  }
  readonly recommendations: readonly { id: string; title: string; reason: string; advice: string }[]
  readonly warmUps: readonly WarmUp[]
}

export interface WarmUp {
  readonly name: string
  readonly progress?: { readonly done: number; readonly failed: number; readonly total?: number }
  readonly report?: { readonly done: number; readonly failed: number; readonly duration: number }
}

export interface HistoryItem {
  readonly at: string
  readonly from: string
  readonly scope: string
  readonly mode: string
  readonly name: string
  readonly delay?: number
}

/** What happened from one state to the next. */
export interface Step {
  readonly readsPerSecond: number
  readonly hitRatio: number | undefined
}

export function stepBetween(before: State, now: State): Step {
  const seconds = Math.max(0.001, (Date.parse(now.at) - Date.parse(before.at)) / 1_000)
  const served = servedOf(now) - servedOf(before)
  const reads = served + now.stats.misses - before.stats.misses
  return { readsPerSecond: Math.max(0, reads / seconds), hitRatio: reads > 0 ? served / reads : undefined }
}

function servedOf({ stats: { hits, stale } }: State): number {
  return Object.values(hits).reduce((sum, hit) => sum + hit, stale)
}
