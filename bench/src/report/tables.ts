import { formatTable } from '@larder/report'
import type { Verdict } from '../verdict'
import { formatNumber } from './format-number'
import type { Measurement, Report } from './report'

/** A Markdown table of workload, goal, measured value and verdict. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ workload, goal, measured, unit, verdict }) => [
    workload,
    goal,
    `${formatNumber(measured)}${unit && ` ${unit}`}`,
    verdict,
  ])
  return formatTable(['workload', 'goal', 'measured', 'verdict'], rows)
}

/** A Markdown table of the participants, with their ratios to the limit and the best peer, if there are any. */
export function participantTable({ metrics, participants, limit, bestPeers }: Report): string {
  const columns = metrics.flatMap(({ name }) =>
    [
      { head: name, cell: (one: Measurement | undefined) => formatNumber(one?.median) },
      ...(limit
        ? [{ head: '/ limit', cell: (one: Measurement | undefined) => formatRatio(one?.toLimit) }]
        : []),
      ...(bestPeers[name]
        ? [{ head: '/ best peer', cell: (one: Measurement | undefined) => formatRatio(one?.toBestPeer) }]
        : []),
    ].map((column) => ({ ...column, metric: name })),
  )
  const rows = Object.entries(participants).map(([participant, measurements]) => [
    participant,
    ...columns.map(({ metric, cell }) => cell(measurements[metric])),
  ])
  return formatTable(['', ...columns.map(({ head }) => head)], rows)
}

function formatRatio(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? '–' : value.toFixed(2)
}
