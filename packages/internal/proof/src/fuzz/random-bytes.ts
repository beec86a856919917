import { seededRandom } from '@larder/testing'

/** Pseudo-random choices: the same seed gives the same inputs. */
export function createDice(seed: number) {
  const random = seededRandom(seed)
  /** A whole number from 0 to `limit` - 1. */
  const below = (limit: number) => Math.floor(random() * limit)

  return {
    below,
    chance: (probability: number) => random() < probability,
    pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T,
    bytes: (length: number) => Uint8Array.from({ length }, () => below(256)),
  }
}

export type Dice = ReturnType<typeof createDice>

/** The bytes with some of them changed, cut off, repeated or added. */
export function damageBytes(dice: Dice, bytes: Uint8Array): Uint8Array {
  let damaged = Uint8Array.from(bytes)
  for (let change = 0; change <= dice.below(4); change += 1) {
    const at = dice.below(damaged.length + 1)
    const kind = dice.below(4)
    if (kind === 0) damaged = damaged.subarray(0, at)
    else if (kind === 1) damaged = Uint8Array.from([...damaged, ...damaged.subarray(at, at + 20)])
    else if (kind === 2) damaged = Uint8Array.from([...damaged, ...dice.bytes(dice.below(10))])
    else damaged[at] = dice.below(256)
  }
  return damaged
}
