import { createCache } from '@larder/core'
import { type FaultName, faultNames } from '../simulation/faults'
import type { MakeCache } from '../simulation/world'
import { deviateOnce } from './choices'
import { programNames } from './programs'
import { runSchedule } from './run-schedule'
import { formatSchedule, type Schedule } from './schedule'

/** A schedule under which a read returned an older value than promised. */
export interface FailedSchedule {
  /** As `parseSchedule` reads it. */
  readonly schedule: string
  readonly violation: string
}

/** The result of {@link exploreSchedules}. */
export interface Exploration {
  readonly schedules: number
  readonly failed: readonly FailedSchedule[]
}

/** Options of {@link exploreSchedules}. */
export interface ExplorationOptions {
  /** Deviations of a run from the usual order of events, beside those of `from`. @defaultValue `1` */
  readonly bound?: number | undefined
  /** Failed schedules after which the exploration ends. @defaultValue all of them are found */
  readonly maxFailed?: number | undefined
  /** Creates the cache under test. @defaultValue `createCache` */
  readonly makeCache?: MakeCache | undefined
}

/** When a fault strikes, after the programs have started, in ms. */
const faultTimes = [5, 25, 60]

/** Delays are explored message by message, so the faults do not include a slow link. */
export const exploredFaults: readonly FaultName[] = faultNames.filter((name) => name !== 'slow')

/** The schedules without deviations: each program, without a fault and with each fault at each of its times. */
export function usualSchedules(faults: readonly FaultName[] = exploredFaults): readonly Schedule[] {
  const struck = faults.flatMap((name) => faultTimes.map((at) => ({ name, at })))
  return programNames.flatMap((program) =>
    [undefined, ...struck].map((fault): Schedule => ({ program, fault, deviations: [] })),
  )
}

/**
 * Runs every schedule that deviates from one at most `bound` times: a message is late or overtaken, or a step comes later.
 * Bounded systematic exploration finds what needs few coincidences, without luck.
 *
 * Delay-bounded scheduling (Emmi, Qadeer and Rakamarić, POPL 2011), as CHESS (Musuvathi and Qadeer, PLDI 2007) bounds
 * preemptions.
 *
 * @example
 * ```ts
 * for (const schedule of usualSchedules()) console.log((await exploreSchedules(schedule, { bound: 1 })).failed)
 * ```
 */
export async function exploreSchedules(
  from: Schedule,
  { bound = 1, maxFailed = Number.POSITIVE_INFINITY, makeCache = createCache }: ExplorationOptions = {},
): Promise<Exploration> {
  const failed: FailedSchedule[] = []
  let schedules = 0

  async function exploreFrom(schedule: Schedule, deviationsLeft: number): Promise<void> {
    schedules += 1
    const { asked, violations } = await runSchedule(schedule, makeCache)
    const [violation] = violations
    if (violation !== undefined) failed.push({ schedule: formatSchedule(schedule), violation })
    if (deviationsLeft === 0) return
    for (const deviations of deviateOnce(schedule.deviations, asked)) {
      if (failed.length >= maxFailed) return
      await exploreFrom({ ...schedule, deviations }, deviationsLeft - 1)
    }
  }

  await exploreFrom(from, bound)
  return { schedules, failed }
}
