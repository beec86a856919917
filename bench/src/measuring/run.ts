import { libraries } from '../libraries'
import type { Results } from '../results'
import type { Effort, Samples, Workload } from '../workload'
import { type Participant, startParticipant } from './participant'

/** What came of a workload. */
export interface Outcome {
  readonly results: Results
  /** Why a participant has no results, by its name. */
  readonly failures: ReadonlyMap<string, string>
}

/** What a run is made of. */
export interface RunOptions {
  readonly effort: Effort
  /** Who takes part of those that could. @defaultValue all */
  readonly only?: ((participant: string) => boolean) | undefined
  /** Told before a participant starts, and before each of its turns. */
  readonly progress?: ((participant: string) => void) | undefined
}

/** Who takes part in a workload on this Node. */
export function participantsOf({ needs = [], participants }: Workload): readonly string[] {
  if (participants !== undefined) return participants
  const major = Number.parseInt(process.versions.node, 10)
  return libraries
    .filter(({ offers, node = 20 }) => node <= major && needs.every((need) => offers.includes(need)))
    .map(({ name }) => name)
}

/** How often a run of a workload tells of its progress. */
export function stepsOf(workload: Workload, { effort, only }: RunOptions): number {
  return chosen(workload, only).length * (1 + roundsOf(workload, effort))
}

/** Runs a workload: in each round, every participant has one turn, one after the other. */
export async function runWorkload(workload: Workload, options: RunOptions): Promise<Outcome> {
  const results = new Map<string, Samples[]>()
  const failures = new Map<string, string>()
  const participants: Participant[] = []
  async function attempt(name: string, work: () => Promise<void>): Promise<void> {
    if (failures.has(name)) return
    try {
      await work()
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
      results.delete(name)
    }
  }

  for (const name of chosen(workload, options.only)) {
    options.progress?.(name)
    await attempt(name, async () => {
      participants.push(await startParticipant(workload, name, options.effort))
    })
  }
  try {
    for (const { round, participant } of turns(participants, roundsOf(workload, options.effort))) {
      options.progress?.(participant.name)
      await attempt(participant.name, async () => {
        const sample = await participant.measure(round)
        results.set(participant.name, [...(results.get(participant.name) ?? []), sample])
      })
    }
  } finally {
    await Promise.all(participants.map((participant) => participant.end()))
  }
  return { results, failures }
}

/** Each round starts with another one, so that nobody always runs behind the same neighbour. */
function* turns(participants: readonly Participant[], rounds: number) {
  for (let round = 0; round < rounds; round += 1) {
    const first = round % Math.max(1, participants.length)
    const order = [...participants.slice(first), ...participants.slice(0, first)]
    for (const participant of order) yield { round, participant }
  }
}

function chosen(workload: Workload, only: RunOptions['only'] = () => true): readonly string[] {
  return participantsOf(workload).filter(only)
}

function roundsOf({ maxRounds = Number.POSITIVE_INFINITY }: Workload, { rounds }: Effort): number {
  return Math.min(rounds, maxRounds)
}
