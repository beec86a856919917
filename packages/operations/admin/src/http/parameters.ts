import { Problem } from './problem'

interface IntegerRange {
  readonly min: number
  readonly max: number
  readonly defaultValue: number
}

/** Reads an integer of the query. @throws Problem 400 if it is not an integer within the range. */
export function readInteger(
  query: URLSearchParams,
  name: string,
  { min, max, defaultValue }: IntegerRange,
): number {
  const text = query.get(name)
  if (text === null) return defaultValue
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Problem(
    400,
    'Bad parameter',
    `${name} must be an integer from ${min} to ${max}; got ${quoteText(text)}.`,
  )
}

type Body = Readonly<Record<string, unknown>>

/** Reads an array of strings of a body; empty if it is missing. @throws Problem 400 for any other value. */
export function readStrings(body: Body, name: string, maxLength: number): readonly string[] {
  const value = body[name] ?? []
  if (Array.isArray(value) && value.length <= maxLength && value.every((item) => typeof item === 'string'))
    return value
  throw new Problem(400, 'Bad parameter', `${name} must be an array of at most ${maxLength} strings.`)
}

/** Reads a string of a body; undefined if it is missing. @throws Problem 400 for any other value. */
export function readString(body: Body, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || typeof value === 'string') return value
  throw new Problem(400, 'Bad parameter', `${name} must be a string.`)
}

/** Reads a boolean of a body; undefined if it is missing. @throws Problem 400 for any other value. */
export function readBoolean(body: Body, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || typeof value === 'boolean') return value
  throw new Problem(400, 'Bad parameter', `${name} must be true or false.`)
}

/** Reads an integer from 1 to `max` of a body; undefined if it is missing. @throws Problem 400 for any other value. */
export function readCount(body: Body, name: string, max: number): number | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new Problem(400, 'Bad parameter', `${name} must be an integer from 1 to ${max}.`)
}

/** Reads one of several strings of a body; the first is the default. @throws Problem 400 for any other value. */
export function readChoice<C extends string>(body: Body, name: string, choices: readonly [C, ...C[]]): C {
  const value = body[name] ?? choices[0]
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  throw new Problem(400, 'Bad parameter', `${name} must be one of: ${choices.join(', ')}.`)
}

/** @throws Problem 400 for an unknown field, which is most likely a misspelt one. */
export function rejectUnknownFields(body: Body, names: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new Problem(
    400,
    'Unknown field',
    `Unknown field ${quoteText(unknown)}. The fields are: ${names.join(', ') || 'none'}.`,
  )
}

const quoteText = (text: string) => JSON.stringify(text.slice(0, 80))
