import { type Duration, toMs } from '@larder/core'

/** A kind of variable: how its text is parsed, and which texts are valid. */
export interface VariableKind<T> {
  /** The valid texts, as the end of the sentence "Write …". */
  readonly expected: string
  /** The value of a text; undefined for an invalid text. */
  parseText(text: string): T | undefined
}

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
])

/** A boolean, in any of the common words for it. */
export const booleanKind: VariableKind<boolean> = {
  expected: 'true or false (1/0, yes/no and on/off will do)',
  parseText: (text) => booleanWords.get(text.toLowerCase()),
}

/** Text that is encoded into the names of keys on Redis. */
export const textKind = (example: string): VariableKind<string> => ({
  expected: `well-formed text, such as ${example}`,
  // A lone surrogate has no UTF-8 form, so two different names could become the same key.
  parseText: (text) => (/\p{Surrogate}/u.test(text) ? undefined : text),
})

/** The longest delay of a Node timer, in ms. */
const maxTimerDelay = 2_147_483_647

/** A finite duration, as options take it. A number without a unit is in ms. */
export const durationKind: VariableKind<Duration> = {
  expected: "a number with a unit ('250ms', '30s', '5m', '1h', '7d'), or milliseconds",
  parseText: (text) => (Number.isFinite(msOf(text)) ? durationOf(text) : undefined),
}

/** A timeout or bound: above 0, and not longer than a timer can wait. */
export const timeoutKind: VariableKind<Duration> = {
  expected: "a duration above 0 and up to '24d', such as '250ms' or '2s', or milliseconds",
  parseText: (text) => (msOf(text) > 0 && msOf(text) <= maxTimerDelay ? durationOf(text) : undefined),
}

function durationOf(text: string): Duration {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : (text as Duration)
}

/** NaN for an invalid duration. */
function msOf(text: string): number {
  try {
    return toMs(durationOf(text), '')
  } catch {
    return Number.NaN
  }
}

/** An integer within inclusive bounds. */
export const integerKind = (min: number, max: number): VariableKind<number> => ({
  expected: `a whole number from ${min} to ${max}`,
  parseText(text) {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return number >= min && number <= max ? number : undefined
  },
})

const bytesPerMb = 1024 * 1024
const maxMb = 1024 * 1024

/** An amount of memory in MB of 1024 * 1024 bytes, converted to bytes. */
export const megabytesKind: VariableKind<number> = {
  expected: `a number of megabytes above 0 and up to ${maxMb}, such as 64`,
  parseText(text) {
    const mb = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    const bytes = Math.floor(mb * bytesPerMb)
    return bytes >= 1 && mb <= maxMb ? bytes : undefined
  },
}
