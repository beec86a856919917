import { brotli, deflate, type EntryCodec, gzip, json, msgpack } from '@larder/core/encoding'
import { writeBomb } from './bombs'
import { codecsUnderTest, forgedHeader, forgeEntry, fuzzedKey } from './codecs-under-test'
import { writeMsgpack } from './msgpack-grammar'
import { createDice, type Dice, damageBytes } from './random-bytes'

/** How an input was made. */
type InputKind = 'random' | 'damaged' | 'made-up' | 'bomb'

export interface FuzzOptions {
  readonly inputs: number
  readonly seed: number
  /** The share of inputs that are bombs, from 0 to 1: each takes as long as thousands of others. */
  readonly bombShare: number
  onProgress(done: number): void
}

/** The inputs of one kind. */
interface FuzzTally {
  inputs: number
  /** Inputs that were read as an entry. */
  accepted: number
  /** The longest time that one input took, in ms. */
  slowest: number
}

export interface FuzzReport {
  readonly tallies: Readonly<Record<InputKind, FuzzTally>>
  /** Broken promises, with the seed of the run and the number of the input. */
  readonly complaints: readonly string[]
}

/** Longer than any input may take, also on a busy machine, in ms. */
const maxDuration = 20_000

/** Reads inputs that nobody has written. A codec must answer each with a value or a reason, soon, and change nothing else. */
export async function runFuzz({ inputs, seed, bombShare, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const dice = createDice(seed)
  const tallies = { random: emptyTally(), damaged: emptyTally(), 'made-up': emptyTally(), bomb: emptyTally() }
  const complaints: string[] = []
  const samples = await encodeSamples()
  for (let index = 0; index < inputs; index += 1) {
    const kind = dice.chance(bombShare) ? 'bomb' : dice.pick<InputKind>(['random', 'damaged', 'made-up'])
    const [name, codec] = dice.pick(codecs)
    const bytes = await makeInput(dice, kind, samples)
    const startedAt = performance.now()
    const complaint = await readInput(codec, bytes, tallies[kind])
    const duration = performance.now() - startedAt
    tallies[kind].inputs += 1
    tallies[kind].slowest = Math.max(tallies[kind].slowest, duration)
    const problem = complaint ?? (duration > maxDuration ? `took ${Math.round(duration)} ms` : undefined)
    if (problem !== undefined) complaints.push(`seed ${seed}, input ${index} (${kind}, ${name}): ${problem}`)
    if (index % 1_000 === 0) onProgress(index)
  }
  return { tallies, complaints }
}

const codecs = Object.entries(codecsUnderTest)

const emptyTally = (): FuzzTally => ({ inputs: 0, accepted: 0, slowest: 0 })

const sampleValues = [
  { id: 7, name: 'Ada', tags: ['a', 'b'], born: new Date(0) },
  new Map<unknown, unknown>([[1n, new Set(['x', undefined])]]),
  [Buffer.from('bytes'), new Float64Array([1.5]), /a+/g, -0, Number.NaN, 2n ** 70n],
  new TypeError('wrong', { cause: new Error('why') }),
  'larder '.repeat(300),
]

/** Honest entries of all codecs, to be damaged. */
async function encodeSamples(): Promise<readonly Uint8Array[]> {
  const samples: Uint8Array[] = []
  for (const [, codec] of codecs)
    for (const value of sampleValues)
      samples.push(await codec.encode({ ...forgedHeader, kind: 'value', value }))
  return samples
}

async function makeInput(dice: Dice, kind: InputKind, samples: readonly Uint8Array[]): Promise<Uint8Array> {
  switch (kind) {
    case 'random':
      return dice.bytes(dice.below(200))
    case 'damaged':
      return damageBytes(dice, dice.pick(samples))
    case 'made-up':
      return makeUpEntry(dice)
    case 'bomb': {
      const { payload, serializer } = writeBomb(dice)
      return forgeEntry(payload, serializer, dice.pick([undefined, deflate(), gzip(), brotli()]), 'value')
    }
  }
}

function makeUpEntry(dice: Dice): Uint8Array | Promise<Uint8Array> {
  const start = dice.chance(0.5) ? [0xc1] : []
  const written = Uint8Array.from([...start, ...writeMsgpack(dice)])
  const kind = dice.chance(0.2) ? 'error' : 'value'
  if (dice.chance(0.6)) return forgeEntry(written, msgpack().id, undefined, kind)
  const parsed = parseLoosely(written)
  const text = new TextEncoder().encode(`${dice.chance(0.7) ? '\t' : ''}${parsed}`)
  return forgeEntry(text, json().id, undefined, kind)
}

/** The same value as JSON, as far as there is one. */
function parseLoosely(bytes: Uint8Array): string {
  try {
    return JSON.stringify(msgpack().deserialize(bytes)) ?? 'null'
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

const prototypes = [Object, Array, Map, Set, Error, Uint8Array].map((owner) => owner.prototype as object)
const namesBefore = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

/** Reads an input. Returns the promise that the codec broke, if it did. */
async function readInput(
  codec: EntryCodec,
  bytes: Uint8Array,
  tally: FuzzTally,
): Promise<string | undefined> {
  try {
    const header = codec.readHeader(bytes, fuzzedKey)
    const result = header.ok ? await codec.decodeValue(header.header) : header
    if (result.ok) tally.accepted += 1
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`
  }
  const isPolluted = prototypes.some((prototype, at) => Reflect.ownKeys(prototype).length !== namesBefore[at])
  return isPolluted ? 'changed a prototype' : undefined
}
