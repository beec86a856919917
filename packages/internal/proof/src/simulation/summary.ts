import { formatCount, formatTable } from '@larder/report'
import { type FaultClass, faultClasses, type RunResult } from './campaign'

/** Formats the results as a table with a row per class of faults. */
export function formatSummary(runs: readonly RunResult[]): string {
  const present = faultClasses.filter((name) => runs.some(({ faultClass }) => faultClass === name))
  const rows = present.map((name) =>
    summaryRow(
      name,
      runs.filter(({ faultClass }) => faultClass === name),
    ),
  )
  return formatTable(
    ['faults', 'seeds', 'reads', 'writes', 'oldest read', 'longest read', 'violations'],
    [...rows, summaryRow('together', runs)],
  )
}

function summaryRow(name: FaultClass | 'together', runs: readonly RunResult[]): string[] {
  const sumOf = (select: (run: RunResult) => number) => runs.reduce((total, run) => total + select(run), 0)
  const greatestOf = (select: (run: RunResult) => number) =>
    runs.reduce((highest, run) => Math.max(highest, select(run)), 0)
  return [
    name,
    formatCount(runs.length),
    formatCount(sumOf(({ reads }) => reads)),
    formatCount(sumOf(({ writes }) => writes)),
    `${formatCount(greatestOf(({ maxStalenessSeen }) => maxStalenessSeen))} ms`,
    `${formatCount(greatestOf(({ longestRead }) => longestRead))} ms`,
    formatCount(sumOf(({ violations }) => violations.length)),
  ]
}

/** The violations, each with the command that reproduces it. */
export function describeViolations(runs: readonly RunResult[]): readonly string[] {
  return runs
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ seed, faultClass, violations: [first, ...more] }) =>
        `seed ${seed}, faults ${faultClass}: ${first}${more.length > 0 ? `, and ${more.length} more` : ''}
  npm run simulate -- --seeds 1 --seed ${seed} --fault ${faultClass}`,
    )
}
