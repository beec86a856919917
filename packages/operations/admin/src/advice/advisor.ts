import type { Cache } from '@larder/core'
import type { ActivityRecorder } from '../observation/activity'
import type { FunctionEvidence } from '../observation/function-evidence'
import type { Advice } from './advice'
import { adviseOnMisses } from './advise-on-misses'
import { adviseOnBytes, adviseOnSlowStore } from './advise-on-store'
import { adviseOnFailures, adviseOnOutdated, adviseOnSkips, isDecidedByResponses } from './advise-on-values'
import { adviseOnHotKey } from './advise-on-waiting'
import { type FunctionActivity, rankFunctions } from './function-activity'
import { createStatsWindow, type StatsWindow } from './stats-window'

/** A window that is shorter says nothing: a process that has just started misses. In ms. */
const minElapsed = 60_000

/** The advice for a cache, and the period it is based on. */
export interface AdviceReport {
  /** `waiting`: less than a minute was observed. `outage`: the store does not respond, so that misses say nothing. */
  readonly status: 'ready' | 'waiting' | 'outage'
  /** Length of the observed period, in ms. */
  readonly elapsed: number
  /** Ranked by the time that callers waited for misses. */
  readonly advice: readonly Advice[]
}

/** Gives advice for a cache: on each function by what its misses cost in the latest minutes, then on the store. */
export function createAdvisor(cache: Cache, activity: ActivityRecorder, now = () => performance.now()) {
  const measureWindow = createStatsWindow(cache, now)

  return (): AdviceReport => {
    activity.watch()
    const window = measureWindow()
    if (window === undefined) return { status: 'outage', elapsed: 0, advice: [] }
    const { elapsed } = window
    if (elapsed < minElapsed) return { status: 'waiting', elapsed, advice: [] }
    return { status: 'ready', elapsed, advice: findAdvice(window, activity) }
  }
}

export type Advisor = ReturnType<typeof createAdvisor>

function findAdvice({ from, to, elapsed }: StatsWindow, activity: ActivityRecorder): readonly Advice[] {
  return [
    ...rankFunctions(from, to).flatMap((reads) =>
      adviseOnFunction(reads, activity.findEvidence(reads.name), elapsed),
    ),
    ...adviseOnSlowStore(to, activity.summarize(0).slowCall),
    ...adviseOnBytes(from, to),
  ]
}

/** Failures are a matter of their own; all misses of a function have one cause. */
function adviseOnFunction(
  activity: FunctionActivity,
  observed: FunctionEvidence | undefined,
  elapsed: number,
): readonly Advice[] {
  const evidence = { activity, observed }
  const onMisses =
    adviseOnSkips(activity) ??
    adviseOnOutdated(activity) ??
    adviseOnHotKey(evidence) ??
    (isDecidedByResponses(activity) ? undefined : adviseOnMisses(evidence, elapsed))
  return [onMisses, adviseOnFailures(activity)].filter((advice) => advice !== undefined)
}
