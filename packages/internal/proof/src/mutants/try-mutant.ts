import { type MakeCache, simulate } from '@larder/testing'
import type { Mutant } from './mutant'

/** The result for one mutant: the first seed that detected it, and the violation. */
export interface Trial {
  readonly mutant: Mutant
  /** Undefined if no seed detected it. */
  readonly seed: number | undefined
  readonly message: string
}

/** The number of seeds to try: five times the average of the mutant that is hardest to detect. */
const maxSeeds = 5_000

/**
 * Runs the simulation with seed after seed until one detects a violation.
 * @throws if the unmodified core violates the guarantee with the same seed.
 */
export async function tryMutant(mutant: Mutant, makeCache: MakeCache): Promise<Trial> {
  for (let seed = 1; seed <= maxSeeds; seed += 1) {
    const { violations } = await simulate({ seed, faults: mutant.faults, makeCache })
    const [first] = violations
    if (first === undefined) continue
    const { violations: coreViolations } = await simulate({ seed, faults: mutant.faults })
    if (coreViolations.length > 0)
      throw new Error(
        `The unmodified core violates its guarantee too: seed ${seed}, ${coreViolations[0]?.message}`,
      )
    return { mutant, seed, message: first.message }
  }
  return { mutant, seed: undefined, message: `not detected in ${maxSeeds} seeds` }
}
