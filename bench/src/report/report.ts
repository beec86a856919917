import type { WorkloadOutcome } from '../measuring/run-workload'
import { bestPeer, medianOf, ratioOf } from '../results'
import type { Samples } from '../samples'
import { type Verdict, verdictsOf } from '../verdict'
import type { Metric, Workload } from '../workload'

/** A metric of one participant. Ratios are undefined without a participant to compare with. */
export interface Measurement {
  readonly median: number
  readonly toLimit?: number | undefined
  readonly toBestPeer?: number | undefined
}

/** The report of a workload. It is stored as JSON, which has `null` for `NaN`. */
export interface Report {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly node: string
  readonly date: string
  /** Whether the run was too short for its times to be meaningful. */
  readonly isShort: boolean
  readonly rounds: number
  readonly metrics: readonly Metric[]
  readonly limit?: string | undefined
  readonly bestPeers: Readonly<Record<string, string>>
  /** By participant, then by metric. */
  readonly participants: Readonly<Record<string, Readonly<Record<string, Measurement>>>>
  readonly failures: Readonly<Record<string, string>>
  readonly verdicts: readonly Verdict[]
  /** The samples of each participant, one per round. */
  readonly samples: Readonly<Record<string, readonly Samples[]>>
}

export function reportOf(workload: Workload, outcome: WorkloadOutcome, isShort: boolean): Report {
  const { results, failures } = outcome
  const { name, title, about, metrics, limit } = workload
  const best = metrics.flatMap((metric) => {
    const peer = bestPeer(results, metric.name, metric.better)
    return peer === undefined ? [] : [[metric.name, peer] as const]
  })
  return {
    name,
    title,
    about,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    isShort,
    rounds: Math.max(0, ...Array.from(results.values(), ({ length }) => length)),
    metrics,
    limit,
    bestPeers: Object.fromEntries(best),
    participants: Object.fromEntries(
      Array.from(results.keys(), (participant) => [
        participant,
        measurementsOf(workload, outcome, participant),
      ]),
    ),
    failures: Object.fromEntries(failures),
    verdicts: verdictsOf(workload, results),
    samples: Object.fromEntries(results),
  }
}

function measurementsOf({ metrics, limit }: Workload, { results }: WorkloadOutcome, participant: string) {
  return Object.fromEntries(
    metrics.map(({ name, better }) => {
      const peer = bestPeer(results, name, better)
      const ratioTo = (other: string | undefined) =>
        other === undefined || !results.has(other)
          ? undefined
          : ratioOf(results, [participant, name], [other])
      const median = medianOf(results, participant, name)
      return [name, { median, toLimit: ratioTo(limit), toBestPeer: ratioTo(peer) }]
    }),
  )
}
