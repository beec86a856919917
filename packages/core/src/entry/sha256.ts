/** The first 32 bits of the fractional parts of the roots of the first primes, as FIPS 180-4 derives its constants. */
const primes = firstPrimes(64)
const roundConstants = primes.map((prime) => fractionOf(Math.cbrt(prime)))
const initialState = primes.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)))

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-16 code units, in hexadecimal: defined for text without a UTF-8 form as well. Uses
 * `node:crypto` where there is one; WebCrypto is asynchronous.
 */
export function sha256Hex(text: string): string {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (crypto === undefined) return portableSha256Hex(text)
  return crypto.createHash('sha256').update(Buffer.from(text, 'utf16le').swap16()).digest('hex')
}

/** {@link sha256Hex} for runtimes without `node:crypto`. */
export function portableSha256Hex(text: string): string {
  const words = padMessage(text)
  const state = [...initialState]
  for (let block = 0; block < words.length; block += 16) compressBlock(state, words, block)
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The message in 32-bit words: two code units each, a one bit, zeros, and the length in bits. */
function padMessage(text: string): Uint32Array {
  const words = new Uint32Array(Math.ceil((text.length * 2 + 9) / 64) * 16)
  const addUnit = (unit: number, index: number) => {
    words[index >> 1] = (words[index >> 1] ?? 0) | (unit << (index % 2 === 0 ? 16 : 0))
  }
  for (let index = 0; index < text.length; index += 1) addUnit(text.charCodeAt(index), index)
  addUnit(0x8000, text.length)
  words[words.length - 1] = text.length * 16
  words[words.length - 2] = Math.floor((text.length * 16) / 2 ** 32)
  return words
}

function compressBlock(state: number[], words: Uint32Array, offset: number): void {
  const schedule = new Int32Array(64)
  for (let index = 0; index < 64; index += 1) {
    schedule[index] = index < 16 ? (words[offset + index] ?? 0) : expandSchedule(schedule, index)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let round = 0; round < 64; round += 1) {
    const choice = (e & f) ^ (~e & g)
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + sum1 + choice + (roundConstants[round] ?? 0) + (schedule[round] ?? 0)) | 0
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries())
    state[index] = ((state[index] ?? 0) + word) | 0
}

function expandSchedule(schedule: Int32Array, index: number): number {
  const before15 = schedule[index - 15] ?? 0
  const before2 = schedule[index - 2] ?? 0
  const small0 = rotate(before15, 7) ^ rotate(before15, 18) ^ (before15 >>> 3)
  const small1 = rotate(before2, 17) ^ rotate(before2, 19) ^ (before2 >>> 10)
  return ((schedule[index - 16] ?? 0) + small0 + (schedule[index - 7] ?? 0) + small1) | 0
}

const rotate = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits))

function fractionOf(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0
}

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let number = 2; found.length < count; number += 1)
    if (found.every((prime) => number % prime !== 0)) found.push(number)
  return found
}
