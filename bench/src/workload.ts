import type { Offer } from './library'
import type { Results } from './results'
import type { Samples } from './samples'

/** The extent of a run. */
export interface Effort {
  /** Whether the run is only long enough to count commands and computations; a few minutes for all workloads. */
  readonly isShort: boolean
  /** Rounds of each participant. */
  readonly rounds: number
  /** Duration of one metric in one round, in ms. */
  readonly time: number
}

/** The context of a participant in its own process. */
export interface ParticipantContext {
  /** The name of a library, or of another subject that the workload compares. */
  readonly participant: string
  readonly effort: Effort
  /** URL of the participant's own Redis server; empty for a workload without one. */
  readonly redis: string
  /** Index of this process among the participant's processes, from 0. */
  readonly copy: number
}

/** A participant that is ready to measure. */
export interface ParticipantTask {
  /** Measures one round. All processes of a participant do so at the same time. */
  measureRound(round: number): Promise<Samples>
  close(): Promise<unknown>
}

/** A metric that a workload measures for every participant. */
export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
}

/** A goal for Larder in a workload: a row of the table. */
export interface Goal {
  /** The case, printed after the workload's title. */
  readonly of: string
  readonly goal: string
  /** Counts are the same on every machine; times are not, and never fail a build. */
  readonly kind: 'count' | 'time' | 'size'
  /** Returns `NaN` if a participant is missing. */
  readonly evaluate: (results: Results) => number
  readonly holds: (measured: number) => boolean
  /** Unit of the measured number. @defaultValue none, for a ratio */
  readonly unit?: string | undefined
}

/** A workload, measured for all participants in interleaved rounds. */
export interface Workload {
  /** The name for `npm run bench -- NAME`. */
  readonly name: string
  readonly title: string
  /** One or two sentences for the documentation. */
  readonly about: string
  /** Features that a library must offer to take part. */
  readonly needs?: readonly Offer[] | undefined
  /** The participants, if they are not chosen by {@link Workload.needs}. */
  readonly participants?: readonly string[] | undefined
  /** The participant that others are compared to. */
  readonly limit?: string | undefined
  /** Whether each participant gets a Redis server of its own. @defaultValue false */
  readonly redis?: boolean | undefined
  /** Processes of each participant. @defaultValue 1 */
  readonly processes?: number | undefined
  /** The most rounds, if further ones would add no information. */
  readonly maxRounds?: number | undefined
  /** Command-line arguments of Node. */
  readonly nodeArguments?: readonly string[] | undefined
  readonly metrics: readonly Metric[]
  /** Merges the samples of several processes. @defaultValue the greatest of each metric */
  readonly merge?: ((samples: readonly Samples[]) => Samples) | undefined
  readonly prepareTask: (context: ParticipantContext) => Promise<ParticipantTask>
  readonly goals: readonly Goal[]
}
