import type { Dice } from './random-bytes'

/** Lengths that a forger would try: small ones that fit, and those at the limits of their type. */
const lengths = [0, 1, 2, 3, 15, 16, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1] as const

/** Extension types that msgpackr knows, and some that it does not. */
const extensionTypes = [0x00, 0x42, 0x62, 0x65, 0x69, 0x70, 0x72, 0x73, 0x74, 0x78, 0xff, 0x63, 0x01] as const

/** Texts that mean something to the reader of replaced values. */
const names = ['$larder', 'v', '__proto__', 'constructor', 'toJSON', 'then', 'a', ''] as const
const kinds = [
  'Map',
  'Set',
  'Date',
  'Error',
  'RegExp',
  'bigint',
  'utf16',
  'Object',
  'class',
  'Buffer',
] as const

/** MessagePack that follows the grammar, except where it lies about lengths and types. */
export function writeMsgpack(dice: Dice, depth = 0): number[] {
  if (depth > 6 || dice.chance(0.3)) return writeScalar(dice)
  const count = dice.below(5)
  const inner = () => writeMsgpack(dice, depth + 1)
  const items = Array.from({ length: count }, inner)
  if (dice.chance(0.1)) return [0xdd, ...toBytes(dice.pick(lengths), 4), ...items.flat()]
  if (dice.chance(0.15)) return writeReplacement(dice, inner)
  if (dice.chance(0.4)) return [0x90 + count, ...items.flat()]
  return [0x80 + count, ...items.flatMap((item) => [...writeText(dice.pick(names)), ...item])]
}

function writeReplacement(dice: Dice, inner: () => number[]): number[] {
  const value = dice.chance(0.5) ? inner() : [0x91, 0x92, ...inner(), ...inner()]
  return [0x82, ...writeText('$larder'), ...writeText(dice.pick(kinds)), ...writeText('v'), ...value]
}

function writeScalar(dice: Dice): number[] {
  switch (dice.below(6)) {
    case 0:
      return [dice.below(256)]
    case 1:
      return writeText(dice.pick(names))
    case 2:
      return [0xd4 + dice.below(5), dice.pick(extensionTypes), ...dice.bytes(dice.below(20))]
    case 3:
      return writeExtension(dice)
    case 4:
      return [0xcb, ...dice.bytes(8)]
    default:
      return [
        dice.pick([0xc4, 0xc6, 0xd9, 0xdb]),
        ...toBytes(dice.pick(lengths), 4),
        ...dice.bytes(dice.below(9)),
      ]
  }
}

function writeExtension(dice: Dice): number[] {
  const body = dice.bytes(dice.below(40))
  const length = dice.chance(0.8) ? body.length : dice.pick(lengths)
  return [0xc8, ...toBytes(length, 2), dice.pick(extensionTypes), ...body]
}

function writeText(text: string): number[] {
  return [0xa0 + text.length, ...new TextEncoder().encode(text)]
}

function toBytes(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256)
}
