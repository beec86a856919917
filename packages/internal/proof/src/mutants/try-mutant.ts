import * as core from '@larder/testing'
import type { MutantSimulation } from './build-mutant'
import type { Mutant } from './mutant'

/** The result for one mutant: what detected it first, and the violation. */
export interface Trial {
  readonly mutant: Mutant
  /** A seed of the simulation or a schedule of the exploration; undefined if none detected it. */
  readonly caughtBy: string | undefined
  readonly message: string
}

/** The number of seeds to try, from the first one of the mutant on: five times the average of the mutant that is hardest to detect. */
const maxSeeds = 5_000

/**
 * Runs the simulation with seed after seed until one detects a violation.
 * @throws if the unmodified core violates the guarantee with the same seed.
 */
export async function tryMutant(mutant: Mutant, simulation: MutantSimulation): Promise<Trial> {
  const { firstSeed = 1 } = mutant
  for (let seed = firstSeed; seed < firstSeed + maxSeeds; seed += 1) {
    const [first] = await findViolations(mutant, seed, simulation)
    if (first === undefined) continue
    const [ofCore] = await findViolations(mutant, seed, core)
    if (ofCore !== undefined)
      throw new Error(`The unmodified core violates its guarantee too: seed ${seed}, ${ofCore}`)
    return { mutant, caughtBy: `seed ${seed}`, message: first }
  }
  return { mutant, caughtBy: undefined, message: `not detected in ${maxSeeds} seeds` }
}

/** Explores schedule after schedule until one detects the mutant. */
export async function exploreMutant(mutant: Mutant, simulation: MutantSimulation): Promise<Trial> {
  for (const schedule of simulation.usualSchedules()) {
    const { failed } = await simulation.exploreSchedules(schedule, { bound: 1, maxFailed: 1 })
    const [first] = failed
    if (first !== undefined) return { mutant, caughtBy: first.schedule, message: first.violation }
  }
  return { mutant, caughtBy: undefined, message: 'not detected by a schedule with one deviation' }
}

async function findViolations(
  { incident, faults }: Mutant,
  seed: number,
  simulation: Pick<MutantSimulation, 'simulate' | 'simulateIncident'>,
): Promise<readonly string[]> {
  if (incident !== undefined) return (await simulation.simulateIncident({ incident, seed })).violations
  const { violations } = await simulation.simulate({ seed, faults })
  return violations.map(({ message }) => message)
}
