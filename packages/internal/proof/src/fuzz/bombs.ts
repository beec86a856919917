import type { Dice } from './random-bytes'

/** A payload of few kinds of bytes that would become very many objects. `serializer` is the id of its format. */
export interface Bomb {
  readonly payload: Uint8Array
  readonly serializer: number
}

const msgpackId = 1
const jsonId = 2

/** Millions of parts, from a megabyte to the largest payload that a cache accepts by default. */
const sizes = [1_000_000, 4_000_000, 20_000_000, 60_000_000] as const

/** Empty maps and lists, numbers, texts, dates, and lists in lists. */
const msgpackParts = [
  [0x80],
  [0x90],
  [0x01],
  [0xa0],
  [0xd6, 0xff, 0, 0, 0, 1],
  [0x91],
  [0xd4, 0x78, 0],
] as const
const jsonParts = ['[],', '{},', '1,', '"",', '[', '{"a":', '{"$larder":"Map","v":[]},'] as const

/** A payload that repeats one part as often as its size allows. */
export function writeBomb(dice: Dice): Bomb {
  const size = dice.pick(sizes)
  return dice.chance(0.5) ? writeMsgpackBomb(dice, size) : writeJsonBomb(dice, size)
}

function writeMsgpackBomb(dice: Dice, size: number): Bomb {
  const part = dice.pick(msgpackParts)
  const count = Math.floor(size / part.length)
  const payload = new Uint8Array(5 + count * part.length)
  payload[0] = 0xdd
  new DataView(payload.buffer).setUint32(1, count)
  repeatPart(payload, 5, part)
  return { payload, serializer: msgpackId }
}

function writeJsonBomb(dice: Dice, size: number): Bomb {
  const part = new TextEncoder().encode(dice.pick(jsonParts))
  const start = dice.chance(0.3) ? [0x09, 0x5b] : [0x5b]
  const payload = new Uint8Array(start.length + Math.floor(size / part.length) * part.length)
  payload.set(start)
  repeatPart(payload, start.length, part)
  return { payload, serializer: jsonId }
}

function repeatPart(payload: Uint8Array, start: number, part: ArrayLike<number>): void {
  payload.set(part, start)
  // Doubles what is there already, which is faster than one copy for each part.
  for (let length = part.length; start + length < payload.length; length *= 2)
    payload.copyWithin(start + length, start, Math.min(start + length, payload.length - length))
}
