import { type Duration, toMs } from '@larder/core'

/** What a variable's text may say. */
export interface Kind<T> {
  /** What to write, as the end of the sentence "Write …". */
  readonly expected: string
  /** What the text means; undefined for what cannot be meant. */
  parse(text: string): T | undefined
}

const meanings: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
])

/** Yes or no, in the words that people use for it. */
export const flag: Kind<boolean> = {
  expected: 'true or false (1/0, yes/no and on/off will do)',
  parse: (text) => meanings.get(text.toLowerCase()),
}

/** What must be told apart from others on a server. */
export const label = (example: string): Kind<string> => ({
  expected: `well-formed text, such as ${example}`,
  // Half of a surrogate pair has no UTF-8 form, so two names could become one.
  parse: (text) => (/\p{Surrogate}/u.test(text) ? undefined : text),
})

const longestTimer = 2_147_483_647

/** A duration as options take it. Without a unit it is in ms. */
export const duration: Kind<Duration> = {
  expected: "a number with a unit ('250ms', '30s', '5m', '1h', '7d'), or milliseconds",
  parse: (text) => (Number.isFinite(msOf(text)) ? durationOf(text) : undefined),
}

/** A duration that something is limited to: 0 would forbid it, and timers end after 24 days. */
export const limit: Kind<Duration> = {
  expected: "a duration above 0 and up to '24d', such as '250ms' or '2s', or milliseconds",
  parse: (text) => (msOf(text) > 0 && msOf(text) <= longestTimer ? durationOf(text) : undefined),
}

function durationOf(text: string): Duration {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : (text as Duration)
}

function msOf(text: string): number {
  try {
    return toMs(durationOf(text), '')
  } catch {
    return Number.NaN
  }
}

/** A whole number within bounds. */
export const whole = (min: number, max: number): Kind<number> => ({
  expected: `a whole number from ${min} to ${max}`,
  parse(text) {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return number >= min && number <= max ? number : undefined
  },
})

const bytesPerMb = 1024 * 1024
const mostMb = 1024 * 1024

/** An amount of memory, in MB of 1024 * 1024 bytes, as bytes. */
export const megabytes: Kind<number> = {
  expected: `a number of megabytes above 0 and up to ${mostMb}, such as 64`,
  parse(text) {
    const mb = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    const bytes = Math.floor(mb * bytesPerMb)
    return bytes >= 1 && mb <= mostMb ? bytes : undefined
  },
}
