import { type MakeCache, simulate } from '@larder/testing'
import type { Mutant } from './mutant'

/** What became of a mutant: the seed that showed it, and how. */
export interface Trial {
  readonly mutant: Mutant
  /** Undefined if no seed did. */
  readonly seed: number | undefined
  readonly message: string
}

/** Seeds after which a mutant counts as unseen: five times what the rarest takes on average, so that chance decides nothing. */
const seeds = 5_000

/**
 * Simulates seed after seed until one shows that something is broken.
 * @throws if the same seed shows that the core is.
 */
export async function tryMutant(mutant: Mutant, makeCache: MakeCache): Promise<Trial> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violations } = await simulate({ seed, faults: mutant.faults, makeCache })
    const [first] = violations
    if (first === undefined) continue
    const { violations: own } = await simulate({ seed, faults: mutant.faults })
    if (own.length > 0)
      throw new Error(`The core itself breaks its promise: seed ${seed}, ${own[0]?.message}`)
    return { mutant, seed, message: first.message }
  }
  return { mutant, seed: undefined, message: `not seen in ${seeds} seeds` }
}
