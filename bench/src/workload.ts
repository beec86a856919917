import type { Offer } from './library'
import type { Results } from './results'

/** Measured in one turn, by the name of the metric. */
export type Samples = Readonly<Record<string, number>>

/** How much is done. */
export interface Effort {
  /** Only enough to count commands and computations, in a few minutes for all workloads. */
  readonly isShort: boolean
  /** Turns of each participant. */
  readonly rounds: number
  /** How long one metric is measured in one turn, in ms. */
  readonly time: number
}

/** Where a participant is measured: a process of its own. */
export interface Stage {
  /** A library, or what else the workload compares. */
  readonly participant: string
  readonly effort: Effort
  /** The URL of the participant's own server; empty for a workload without one. */
  readonly redis: string
  /** Which of the workload's processes this is, from 0. */
  readonly copy: number
}

/** A participant that is ready. */
export interface Task {
  /** One turn. All copies of a participant have it at the same time. */
  measure(round: number): Promise<Samples>
  end(): Promise<unknown>
}

/** What a workload measures of every participant. */
export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
}

/** What Larder is to reach in a workload: a row of the table. */
export interface Goal {
  /** The case, behind the workload's title. */
  readonly of: string
  readonly goal: string
  /** Counts are the same on every machine; times are not, and never fail a build. */
  readonly kind: 'count' | 'time' | 'size'
  /** `NaN` where a participant is missing. */
  readonly measure: (results: Results) => number
  readonly holds: (measured: number) => boolean
  /** How the measured number is written. @defaultValue as a ratio */
  readonly unit?: string | undefined
}

/** One thing that is measured, of all participants, interleaved. */
export interface Workload {
  /** For `npm run bench -- NAME`. */
  readonly name: string
  readonly title: string
  /** What it does, in a sentence or two for the documentation. */
  readonly about: string
  /** Libraries that offer all of these take part. */
  readonly needs?: readonly Offer[] | undefined
  /** What takes part instead of libraries. */
  readonly participants?: readonly string[] | undefined
  /** The participant that others are compared to. */
  readonly limit?: string | undefined
  /** Whether each participant gets a Redis server of its own. @defaultValue false */
  readonly redis?: boolean | undefined
  /** Processes of each participant. @defaultValue 1 */
  readonly processes?: number | undefined
  /** Turns at most, where more tell nothing new. */
  readonly maxRounds?: number | undefined
  /** Arguments of Node. */
  readonly nodeArguments?: readonly string[] | undefined
  readonly metrics: readonly Metric[]
  /** How the samples of several processes become one. @defaultValue the greatest */
  readonly merge?: ((samples: readonly Samples[]) => Samples) | undefined
  readonly prepare: (stage: Stage) => Promise<Task>
  readonly goals: readonly Goal[]
}
