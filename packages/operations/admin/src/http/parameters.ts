import { Problem } from './problem'

/** A whole number in the query. @throws Problem 400 outside of its bounds. */
export function numberIn(
  query: URLSearchParams,
  name: string,
  { min, max, otherwise }: { readonly min: number; readonly max: number; readonly otherwise: number },
): number {
  const text = query.get(name)
  if (text === null) return otherwise
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Problem(
    400,
    'Bad parameter',
    `${name} is a whole number from ${min} to ${max}, not ${show(text)}.`,
  )
}

/** A list of texts in a body; empty where it is missing. @throws Problem 400 for anything else. */
export function textsIn(
  body: Readonly<Record<string, unknown>>,
  name: string,
  max: number,
): readonly string[] {
  const value = body[name] ?? []
  if (Array.isArray(value) && value.length <= max && value.every((item) => typeof item === 'string'))
    return value
  throw new Problem(400, 'Bad parameter', `${name} is a list of at most ${max} texts.`)
}

/** A text in a body. @throws Problem 400 for anything else. */
export function textIn(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || typeof value === 'string') return value
  throw new Problem(400, 'Bad parameter', `${name} is a text.`)
}

/** One of some words in a body. @throws Problem 400 for anything else. */
export function choiceIn<C extends string>(
  body: Readonly<Record<string, unknown>>,
  name: string,
  choices: readonly [C, ...C[]],
): C {
  const value = body[name] ?? choices[0]
  const choice = choices.find((one) => one === value)
  if (choice !== undefined) return choice
  throw new Problem(400, 'Bad parameter', `${name} is one of ${choices.join(', ')}.`)
}

/** @throws Problem 400 for fields that mean nothing: a misspelt one would be passed over otherwise. */
export function requireKnown(body: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new Problem(
    400,
    'Unknown field',
    `There is no field ${show(unknown)}. There are: ${names.join(', ')}.`,
  )
}

const show = (text: string) => JSON.stringify(text.slice(0, 80))
