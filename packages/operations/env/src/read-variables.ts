import { findNearestName, kindOf, LarderError } from '@larder/core'
import { quoteUrl, quoteValue } from './redact'
import type { VariableKind } from './variable-kinds'
import type { ValuesOf, Variables } from './variables'

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of one subject, and how mistakes in their names are found. */
export interface VariableTable<V extends Variables> {
  readonly variables: V
  /** The beginning of all names but those of the server. */
  readonly prefix: string
  /** Names that other programs use for these variables, each with what to write. */
  readonly namesElsewhere: Readonly<Record<string, string>>
  /** Finds further mistakes. */
  findMore?(env: Environment): readonly string[]
}

const environmentKind = kindOf(
  'an object of texts, such as process.env',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** More would match variables of other programs. */
const maxTypingErrors = 2

/**
 * Parses the variables that are set. Whitespace around a value is ignored, and an empty value counts as not set.
 * @throws LarderError `BAD_OPTION` with a line for each invalid or misspelt variable.
 */
export function readVariables<V extends Variables>(env: Environment, table: VariableTable<V>): ValuesOf<V> {
  environmentKind(env, 'The environment')
  const values: Partial<Record<keyof V, unknown>> = {}
  const problems: string[] = []
  for (const name of Object.keys(table.variables)) {
    const kind = table.variables[name]
    const text = readText(env, name)
    if (text === '' || kind === undefined) continue
    const value = kind.parseText(text)
    if (value === undefined) problems.push(describeProblem(name, text, kind))
    else values[name as keyof V] = value
  }
  problems.push(...findMisspelt(env, table), ...(table.findMore?.(env) ?? []))
  if (problems.length > 0) throw badVariables(problems)
  return values as ValuesOf<V>
}

/** The value of a variable without whitespace around it; empty if it is not set. */
export function readText(env: Environment, name: string): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '').trim() : ''
}

function describeProblem(
  name: string,
  text: string,
  { expected, suggestFor }: VariableKind<unknown>,
): string {
  const shown = name.endsWith('REDIS_URL') ? quoteUrl(text) : quoteValue(text)
  return `${name} is ${shown}. Write ${suggestFor?.(text) ?? expected}.`
}

/** A misspelt variable would be ignored without notice, so it is an error. */
function findMisspelt(
  env: Environment,
  { variables, prefix, namesElsewhere }: VariableTable<Variables>,
): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !(name in variables) && readText(env, name) !== '')
    .flatMap((name) => {
      const nearest = namesElsewhere[name] ?? findNearestName(name, Object.keys(variables), maxTypingErrors)
      return nearest === undefined
        ? []
        : `${name} is unknown. Write ${nearest}, or rename it if it belongs to another program.`
    })
}

function badVariables(problems: readonly string[]): LarderError {
  const subject =
    problems.length === 1 ? 'An environment variable is' : `${problems.length} environment variables are`
  return new LarderError('BAD_OPTION', `${subject} invalid:\n${problems.join('\n')}`)
}
