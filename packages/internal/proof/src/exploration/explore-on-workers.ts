import {
  deviateOnce,
  type Exploration,
  type FaultName,
  formatSchedule,
  runSchedule,
  type Schedule,
  usualSchedules,
} from '@larder/testing'
import { runOnWorkers } from '../worker-pool'

/** A part of the exploration that one worker does: a schedule, and all that deviate further from it. */
export interface ExplorationTask {
  /** As `formatSchedule` writes it. */
  readonly schedule: string
  /** Further deviations. */
  readonly bound: number
}

/** The exploration under one fault, with all programs. */
export interface FaultExploration extends Exploration {
  readonly fault: FaultName | 'none'
}

/** The faults and the bound of an exploration. */
interface Extent {
  readonly faults: readonly FaultName[]
  readonly bound: number
  /** Called with the share of tasks that are done, from 0 to 1. */
  readonly onProgress: (share: number) => void
}

/** Explores all programs, without a fault and with each of them, on all cores. */
export async function exploreOnWorkers({
  faults,
  bound,
  onProgress,
}: Extent): Promise<readonly FaultExploration[]> {
  const tasks = await splitIntoTasks(usualSchedules(faults), bound)
  const script = new URL('./explore-worker.js', import.meta.url)
  const results = await runOnWorkers<ExplorationTask, Exploration>(script, tasks, onProgress)
  const ofFault = (fault: string) =>
    results.filter((_, index) => faultOf(tasks[index]?.schedule ?? '') === fault)
  return (['none', ...faults] as const).map((fault) => ({ fault, ...joinExplorations(ofFault(fault)) }))
}

/** A task for each schedule, and one for each of its first deviations: those of one schedule alone take minutes. */
async function splitIntoTasks(schedules: readonly Schedule[], bound: number): Promise<ExplorationTask[]> {
  const tasks: ExplorationTask[] = []
  for (const schedule of schedules) {
    tasks.push({ schedule: formatSchedule(schedule), bound: 0 })
    if (bound === 0) continue
    const { asked } = await runSchedule(schedule)
    for (const deviations of deviateOnce([], asked))
      tasks.push({ schedule: formatSchedule({ ...schedule, deviations }), bound: bound - 1 })
  }
  return tasks
}

const faultOf = (schedule: string) => schedule.split(/[/@]/)[1]

function joinExplorations(parts: readonly Exploration[]): Exploration {
  return {
    schedules: parts.reduce((sum, { schedules }) => sum + schedules, 0),
    failed: parts.flatMap(({ failed }) => failed),
  }
}
