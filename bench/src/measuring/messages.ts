import type { Samples, Stage } from '../workload'

/** What the process of a participant is told. */
export type Order =
  | { readonly do: 'prepare'; readonly workload: string; readonly stage: Stage }
  | { readonly do: 'measure'; readonly round: number }
  | { readonly do: 'end' }

/** What it answers, once for each order. */
export type Answer =
  | { readonly ok: true; readonly samples: Samples }
  | { readonly ok: false; readonly reason: string }
