import { type FaultName, faultNames } from '../simulation/faults'
import type { Deviation } from './choices'
import { type ProgramName, programNames } from './programs'

/** The fault of a run, and when it is injected after the programs have started, in ms. */
export interface ScheduledFault {
  readonly name: FaultName
  readonly at: number
}

/** Everything that distinguishes one run of an exploration from the others. */
export interface Schedule {
  readonly program: ProgramName
  readonly fault: ScheduledFault | undefined
  /** Choices other than the usual ones, in the order of their questions. */
  readonly deviations: readonly Deviation[]
}

/** A text such as `tags/failover@40/12:1,40:2`, from which {@link parseSchedule} makes the schedule again. */
export function formatSchedule({ program, fault, deviations }: Schedule): string {
  const name = fault === undefined ? 'none' : `${fault.name}@${fault.at}`
  return `${program}/${name}/${deviations.map(([question, alternative]) => `${question}:${alternative}`).join(',')}`
}

/** @throws Error with the form that is expected. */
export function parseSchedule(text: string): Schedule {
  const [, first, name, at, list = ''] = /^(\w+)\/(\w+)(?:@(\d+))?\/((?:\d+:\d+,?)*)$/.exec(text) ?? []
  const program = programNames.find((candidate) => candidate === first)
  const fault = faultNames.find((candidate) => candidate === name)
  if (program === undefined || (fault === undefined && name !== 'none'))
    throw new Error(`A schedule looks like tags/failover@40/12:1,40:2; got ${text}.`)
  const deviations = list.split(',').filter((part) => part !== '')
  return {
    program,
    fault: fault && { name: fault, at: Number(at ?? 0) },
    deviations: deviations.map((part): Deviation => {
      const [question = 0, alternative = 0] = part.split(':').map(Number)
      return [question, alternative]
    }),
  }
}
