import type { Results } from './results'
import type { Goal, Workload } from './workload'

/** The verdict on one goal: a row of the table. */
export interface Verdict {
  readonly workload: string
  readonly goal: string
  /** `NaN`, and in JSON `null`, if a participant is missing. */
  readonly measured: number | null
  readonly unit: string
  readonly kind: Goal['kind']
  readonly verdict: 'met' | 'missed' | 'unknown'
}

/** Compares the results with the goals of the workload. */
export function verdictsOf({ title, goals }: Workload, results: Results): readonly Verdict[] {
  return goals.map(({ of, goal, kind, evaluate, holds, unit = '' }) => {
    const measured = evaluate(results)
    const verdict = Number.isNaN(measured) ? 'unknown' : holds(measured) ? 'met' : 'missed'
    return { workload: `${title}: ${of}`, goal, measured, unit, kind, verdict }
  })
}
