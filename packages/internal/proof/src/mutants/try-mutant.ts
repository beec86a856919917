import { simulate, simulateIncident } from '@larder/testing'
import type { MutantSimulation } from './build-mutant'
import type { Mutant } from './mutant'

/** The result for one mutant: the first seed that detected it, and the violation. */
export interface Trial {
  readonly mutant: Mutant
  /** Undefined if no seed detected it. */
  readonly seed: number | undefined
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
    const [ofCore] = await findViolations(mutant, seed, { simulate, simulateIncident })
    if (ofCore !== undefined)
      throw new Error(`The unmodified core violates its guarantee too: seed ${seed}, ${ofCore}`)
    return { mutant, seed, message: first }
  }
  return { mutant, seed: undefined, message: `not detected in ${maxSeeds} seeds` }
}

async function findViolations(
  { incident, faults }: Mutant,
  seed: number,
  simulation: MutantSimulation,
): Promise<readonly string[]> {
  if (incident !== undefined) return (await simulation.simulateIncident({ incident, seed })).violations
  const { violations } = await simulation.simulate({ seed, faults })
  return violations.map(({ message }) => message)
}
