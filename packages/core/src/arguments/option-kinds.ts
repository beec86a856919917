import type { StandardSchemaV1 } from '../contracts/schema'
import { toMs } from '../entry/duration'
import { LarderError } from '../errors'
import { isThenable } from '../maybe-promise'
import { toBytes } from './byte-size'
import { describeValue, isAsyncFunction } from './describe-value'

/** Checks one value of an option. @throws LarderError that names the option and says what to write instead. */
export type OptionKind = (value: unknown, name: string) => void

/** A kind of option by the values that it accepts. `expected` ends the sentence "name must be …". */
export function kindOf(expected: string, accepts: (value: unknown) => boolean): OptionKind {
  return (value, name) => {
    if (accepts(value)) return
    throw new LarderError('BAD_OPTION', `${name} must be ${expected}; got ${describeValue(value)}.`)
  }
}

export const booleanKind = kindOf('true or false', (value) => typeof value === 'boolean')
export const countKind = kindOf(
  'a whole number above 0, such as 1000',
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
)
export const textKind = kindOf('a text', (value) => typeof value === 'string')
export const nameKind = kindOf(
  'a text that is not empty',
  (value) => typeof value === 'string' && value !== '',
)

/** `example` is what to write. */
export const functionKind = (example: string): OptionKind =>
  kindOf(`a function such as ${example}`, (value) => typeof value === 'function')

/** A function whose answer is needed at once: the promise of an `async` one would count as an answer. */
export const synchronousKind = (example: string): OptionKind =>
  kindOf(
    `a function that answers at once, such as ${example}`,
    (value) => typeof value === 'function' && !isAsyncFunction(value),
  )

/** The answer of a predicate, which may be any value in JavaScript. @throws LarderError `BAD_OPTION` for a promise. */
export function toAnswer(name: string, answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  if (!isThenable(answer)) return Boolean(answer)
  Promise.resolve(answer).catch(() => undefined)
  throw new LarderError('BAD_OPTION', `${name} must answer true or false at once; got a promise.`)
}

/** An object with these methods; `example` creates one. */
export const objectKind = (example: string, ...methods: readonly string[]): OptionKind =>
  kindOf(
    `an object such as ${example}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
  )

export const choiceKind = (...choices: readonly string[]): OptionKind =>
  kindOf(choices.map((choice) => `'${choice}'`).join(' or '), (value) => choices.includes(value as string))

export const schemaKind = kindOf(
  'a Standard Schema, such as z.object({ … })',
  (value) => typeof (value as StandardSchemaV1 | null)?.['~standard']?.validate === 'function',
)

export const durationKind: OptionKind = (value, name) => void toMs(value as never, name)
export const byteSizeKind: OptionKind = (value, name) => void toBytes(value as never, name)
export const signalKind = kindOf(
  'an AbortSignal, such as AbortSignal.timeout(1000)',
  (value) =>
    typeof (value as AbortSignal | null)?.addEventListener === 'function' &&
    typeof (value as AbortSignal).aborted === 'boolean',
)

/** For options that the receiver itself checks. */
export const anyKind: OptionKind = () => undefined
