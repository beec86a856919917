import { libraries } from '../libraries'
import type { Results } from '../results'
import type { Samples } from '../samples'
import type { Effort, Workload } from '../workload'
import { type Participant, startParticipant } from './participant'

/** The results of a workload. */
export interface WorkloadOutcome {
  readonly results: Results
  /** The error of each participant without results, by its name. */
  readonly failures: ReadonlyMap<string, string>
}

/** Options of {@link runWorkload}. */
interface RunOptions {
  readonly effort: Effort
  /** Selects participants. @defaultValue all */
  readonly only?: ((participant: string) => boolean) | undefined
  /** Called before a participant starts, and before each of its rounds. */
  readonly progress?: ((participant: string) => void) | undefined
}

/** The participants of a workload that run on this version of Node. */
function participantsOf({ needs = [], participants }: Workload): readonly string[] {
  if (participants !== undefined) return participants
  const major = Number.parseInt(process.versions.node, 10)
  return libraries
    .filter(({ offers, node = 20 }) => node <= major && needs.every((need) => offers.includes(need)))
    .map(({ name }) => name)
}

/** The number of progress calls in a run of the workload. */
export function stepsOf(workload: Workload, { effort, only }: RunOptions): number {
  return chosenParticipants(workload, only).length * (1 + roundsOf(workload, effort))
}

/** Runs a workload in interleaved rounds: in each round, every participant measures once, one after the other. */
export async function runWorkload(workload: Workload, options: RunOptions): Promise<WorkloadOutcome> {
  const results = new Map<string, Samples[]>()
  const failures = new Map<string, string>()
  const participants: Participant[] = []
  async function runOrFail(name: string, work: () => Promise<void>): Promise<void> {
    if (failures.has(name)) return
    try {
      await work()
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
      results.delete(name)
    }
  }

  for (const name of chosenParticipants(workload, options.only)) {
    options.progress?.(name)
    await runOrFail(name, async () => {
      participants.push(await startParticipant(workload, name, options.effort))
    })
  }
  try {
    for (const { round, participant } of takeTurns(participants, roundsOf(workload, options.effort))) {
      options.progress?.(participant.name)
      await runOrFail(participant.name, async () => {
        const sample = await participant.measureRound(round)
        results.set(participant.name, [...(results.get(participant.name) ?? []), sample])
      })
    }
  } finally {
    await Promise.all(participants.map((participant) => participant.close()))
  }
  return { results, failures }
}

/** Rotates the first participant of each round, so that none always runs after the same other one. */
function* takeTurns(participants: readonly Participant[], rounds: number) {
  for (let round = 0; round < rounds; round += 1) {
    const first = round % Math.max(1, participants.length)
    const order = [...participants.slice(first), ...participants.slice(0, first)]
    for (const participant of order) yield { round, participant }
  }
}

function chosenParticipants(workload: Workload, only: RunOptions['only'] = () => true): readonly string[] {
  return participantsOf(workload).filter(only)
}

function roundsOf({ maxRounds = Number.POSITIVE_INFINITY }: Workload, { rounds }: Effort): number {
  return Math.min(rounds, maxRounds)
}
