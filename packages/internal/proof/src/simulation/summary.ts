import { formatCount, formatTable } from '@larder/report'
import { type FaultClass, faultClasses, type Run } from './campaign'

/** What runs came to, a row per class of faults. */
export function summarize(runs: readonly Run[]): string {
  const present = faultClasses.filter((name) => runs.some(({ faultClass }) => faultClass === name))
  const rows = present.map((name) =>
    row(
      name,
      runs.filter(({ faultClass }) => faultClass === name),
    ),
  )
  return formatTable(
    ['faults', 'seeds', 'reads', 'writes', 'oldest read', 'longest read', 'violations'],
    [...rows, row('together', runs)],
  )
}

function row(name: FaultClass | 'together', runs: readonly Run[]): string[] {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0)
  const most = (of: (run: Run) => number) => runs.reduce((highest, run) => Math.max(highest, of(run)), 0)
  return [
    name,
    formatCount(runs.length),
    formatCount(sum(({ reads }) => reads)),
    formatCount(sum(({ writes }) => writes)),
    `${formatCount(most(({ maxStalenessSeen }) => maxStalenessSeen))} ms`,
    `${formatCount(most(({ longestRead }) => longestRead))} ms`,
    formatCount(sum(({ violations }) => violations.length)),
  ]
}

/** How to look at each violation again. */
export function complaints(runs: readonly Run[]): readonly string[] {
  return runs
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ seed, faultClass, violations: [first, ...more] }) =>
        `seed ${seed}, faults ${faultClass}: ${first}${more.length > 0 ? `, and ${more.length} more` : ''}
  npm run simulate -- --seeds 1 --seed ${seed} --fault ${faultClass}`,
    )
}
