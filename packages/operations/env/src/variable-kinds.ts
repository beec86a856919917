import { type Duration, toMs } from '@larder/core'

/** A kind of variable: how its text is parsed, and which texts are valid. */
export interface VariableKind<T> {
  /** The valid texts, as the end of the sentence "Write …". */
  readonly expected: string
  /** The value of a text; undefined for an invalid text. */
  parseText(text: string): T | undefined
  /** The text to write in place of this invalid one, if that is known better than {@link VariableKind.expected}. */
  suggestFor?(text: string): string | undefined
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

/** One of several words. */
export const choiceKind = <const Word extends string>(...words: readonly Word[]): VariableKind<Word> => ({
  expected: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
  parseText: (text) => words.find((word) => word === text.toLowerCase()),
})

/** Text that is encoded into the names of keys on Redis. */
export const textKind = (example: string): VariableKind<string> => ({
  expected: `well-formed text, such as ${example}`,
  // A lone surrogate has no UTF-8 form, so two different names could become the same key.
  parseText: (text) => (/\p{Surrogate}/u.test(text) ? undefined : text),
})

/** Text that is never shown. */
export const secretKind: VariableKind<string> = { expected: 'a text', parseText: (text) => text }

/** The longest delay of a Node timer, in ms. */
const maxTimerDelay = 2_147_483_647

/** A finite duration. A number without a unit is refused: other programs count in seconds, options in milliseconds. */
export const durationKind: VariableKind<Duration> = {
  expected: "a number with a unit ('250ms', '30s', '5m', '1h', '7d')",
  parseText: (text) => (Number.isFinite(msOf(text)) ? (text as Duration) : undefined),
  suggestFor: suggestUnit,
}

/** A timeout or bound: above 0, and not longer than a timer can wait. */
export const timeoutKind: VariableKind<Duration> = {
  expected: "a duration above 0 and up to '24d', such as '250ms' or '2s'",
  parseText: (text) => (msOf(text) > 0 && msOf(text) <= maxTimerDelay ? (text as Duration) : undefined),
  suggestFor: suggestUnit,
}

function suggestUnit(text: string): string | undefined {
  return /^\d+(\.\d+)?$/.test(text) && text.length < 20 ? `'${text}s' or '${text}ms'` : undefined
}

/** NaN for an invalid duration. */
function msOf(text: string): number {
  try {
    return toMs(text as Duration, '')
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

/** A share of a whole. */
export const shareKind: VariableKind<number> = {
  expected: 'a share from 0 to 1, such as 0.01',
  parseText(text) {
    const share = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    return share <= 1 ? share : undefined
  },
}

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
