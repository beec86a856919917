import { formatTable } from '@larder/report'
import type { Verdict } from '../verdict'
import { asText } from './number'
import type { Measurement, Report } from './report'

/** Workload, goal, measured, verdict: as Markdown, which reads well in a terminal too. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ workload, goal, measured, unit, verdict }) => [
    workload,
    goal,
    `${asText(measured)}${unit && ` ${unit}`}`,
    verdict,
  ])
  return formatTable(['workload', 'goal', 'measured', 'verdict'], rows)
}

/** Every participant of a workload, with its ratios to the limit and to the best peer where there are such. */
export function participantTable({ metrics, participants, limit, bestPeers }: Report): string {
  const columns = metrics.flatMap(({ name }) =>
    [
      { head: name, cell: (one: Measurement | undefined) => asText(one?.median) },
      ...(limit ? [{ head: '/ limit', cell: (one: Measurement | undefined) => ratio(one?.toLimit) }] : []),
      ...(bestPeers[name]
        ? [{ head: '/ best peer', cell: (one: Measurement | undefined) => ratio(one?.toBestPeer) }]
        : []),
    ].map((column) => ({ ...column, metric: name })),
  )
  const rows = Object.entries(participants).map(([participant, measurements]) => [
    participant,
    ...columns.map(({ metric, cell }) => cell(measurements[metric])),
  ])
  return formatTable(['', ...columns.map(({ head }) => head)], rows)
}

function ratio(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? '–' : value.toFixed(2)
}
