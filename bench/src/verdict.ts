import type { Results } from './results'
import type { Goal, Workload } from './workload'

/** A row of the table. */
export interface Verdict {
  readonly workload: string
  readonly goal: string
  /** `NaN`, and in JSON `null`, where what it takes was not measured. */
  readonly measured: number | null
  readonly unit: string
  readonly kind: Goal['kind']
  readonly verdict: 'met' | 'missed' | 'unknown'
}

/** What a workload's goals say of what was measured. */
export function verdictsOf({ title, goals }: Workload, results: Results): readonly Verdict[] {
  return goals.map(({ of, goal, kind, measure, holds, unit = '' }) => {
    const measured = measure(results)
    const verdict = Number.isNaN(measured) ? 'unknown' : holds(measured) ? 'met' : 'missed'
    return { workload: `${title}: ${of}`, goal, measured, unit, kind, verdict }
  })
}
