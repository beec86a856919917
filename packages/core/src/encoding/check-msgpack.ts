import { LarderError } from '../errors'
import { ByteReader } from './byte-reader'
import { PartBudget } from './part-budget'

/**
 * Reads the structure of MessagePack without creating a value. Bytes that pass hold one value and nothing else, of bounded
 * depth and number of parts, whose lengths end within the bytes, and which uses no extension that Larder does not write:
 * msgpackr's references, records and bundled strings can refer to bytes and objects elsewhere.
 * @throws LarderError or RangeError for anything else.
 */
export function checkMsgpack(bytes: Uint8Array): void {
  const input = new ByteReader(bytes)
  const budget = new PartBudget()
  /** For each container around the present one, the values in it that are still to come. */
  const outer: number[] = []
  let toCome = 1
  while (toCome > 0) {
    toCome -= 1
    const inner = skipToken(input, budget)
    if (inner > 0) {
      budget.enter()
      outer.push(toCome)
      toCome = inner
    }
    while (toCome === 0 && outer.length > 0) {
      toCome = outer.pop() ?? 0
      budget.leave()
    }
  }
  if (input.position !== bytes.length) throw refused('bytes after its value')
}

/** Tokens followed by a fixed number of bytes: nil, booleans and numbers. */
const fixedSizes: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
}

/** Tokens followed by a length, by the size of that length in bytes. */
const bytesLengths: Readonly<Record<number, number>> = { 196: 1, 197: 2, 198: 4, 217: 1, 218: 2, 219: 4 }
const listLengths: Readonly<Record<number, number>> = { 220: 2, 221: 4 }
const mapLengths: Readonly<Record<number, number>> = { 222: 2, 223: 4 }
const extensionLengths: Readonly<Record<number, number>> = { 199: 1, 200: 2, 201: 4 }
/** Extensions of 1, 2, 4, 8 and 16 bytes. */
const firstFixedExtension = 0xd4
const lastFixedExtension = 0xd8

/** Skips a token and its bytes. Returns the number of values in it. */
function skipToken(input: ByteReader, budget: PartBudget): number {
  const token = input.readByte()
  if (token < 0x80 || token >= 0xe0) return skipBytes(input, 0, budget)
  if (token < 0x90) return enterObject((token - 0x80) * 2, budget)
  if (token < 0xa0) return enterObject(token - 0x90, budget)
  if (token < 0xc0) return skipBytes(input, token - 0xa0, budget)
  return fixedSizes[token] === undefined
    ? skipWithLength(input, token, budget)
    : skipBytes(input, fixedSizes[token], budget)
}

function skipWithLength(input: ByteReader, token: number, budget: PartBudget): number {
  const bytes = bytesLengths[token]
  if (bytes !== undefined) return skipBytes(input, input.readUint(bytes), budget)
  const list = listLengths[token]
  if (list !== undefined) return enterObject(input.readUint(list), budget)
  const map = mapLengths[token]
  if (map !== undefined) return enterObject(input.readUint(map) * 2, budget)
  if (token >= firstFixedExtension && token <= lastFixedExtension)
    return skipExtension(input, 2 ** (token - firstFixedExtension), budget)
  const extension = extensionLengths[token]
  if (extension !== undefined) return skipExtension(input, input.readUint(extension), budget)
  throw refused(`the token ${token}`)
}

function skipBytes(input: ByteReader, length: number, budget: PartBudget): 0 {
  budget.addParts(1)
  input.skip(length)
  return 0
}

function enterObject(inner: number, budget: PartBudget): number {
  budget.addObject()
  return inner
}

/** The extensions that Larder writes, with their maximum length in bytes. */
const extensions: ReadonlyMap<number, number> = new Map([
  [0x00, 1], // undefined
  [0x42, 136], // BigInt; larger ones are written as digits
  [0x74, Number.POSITIVE_INFINITY], // typed arrays and ArrayBuffer
  [0x78, 1], // RegExp, of which a list of source and flags follows
  [0xff, 12], // Date
])
const regExp = 0x78

function skipExtension(input: ByteReader, length: number, budget: PartBudget): number {
  const type = input.readByte()
  if (!(length <= (extensions.get(type) ?? -1))) throw refused(`the extension ${type} of ${length} bytes`)
  budget.addObject()
  input.skip(length)
  return type === regExp ? 1 : 0
}

function refused(found: string): LarderError {
  return new LarderError('BAD_ENTRY', `The MessagePack of the entry has ${found}, which Larder never writes.`)
}
