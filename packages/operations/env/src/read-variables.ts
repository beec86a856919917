import { findNearestName, LarderError } from '@larder/core'
import { quoteUrl, quoteValue } from './redact'
import type { VariableKind } from './variable-kinds'
import { type VariableName, type VariableValues, variables } from './variables'

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Names that other programs use for these variables. */
const namesElsewhere: Readonly<Record<string, VariableName>> = {
  CACHE_TTL: 'CACHE_DEFAULT_TTL',
  CACHE_TTL_DEFAULT: 'CACHE_DEFAULT_TTL',
  CACHE_PREFIX: 'CACHE_REDIS_PREFIX',
}

/** More would match variables of other programs. */
const maxTypingErrors = 2

const kinds = Object.entries(variables) as [VariableName, VariableKind<unknown>][]
const knownNames = kinds.map(([name]) => name)

/**
 * Parses the variables that are set. Whitespace around a value is ignored, and an empty value counts as not set.
 * @throws LarderError `BAD_OPTION` with a line for each invalid or misspelt variable.
 */
export function readVariables(env: Environment): VariableValues {
  const values: Partial<Record<VariableName, unknown>> = {}
  const problems: string[] = []
  for (const [name, kind] of kinds) {
    const text = readText(env, name)
    if (text === '') continue
    const value = kind.parseText(text)
    if (value === undefined) problems.push(describeProblem(name, text, kind))
    else values[name] = value
  }
  problems.push(...findMisspelt(env))
  if (problems.length > 0) throw badVariables(problems)
  return values as VariableValues
}

function readText(env: Environment, name: string): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '').trim() : ''
}

function describeProblem(
  name: VariableName,
  text: string,
  { expected, suggestFor }: VariableKind<unknown>,
): string {
  const shown = name === 'REDIS_URL' ? quoteUrl(text) : quoteValue(text)
  return `${name} is ${shown}. Write ${suggestFor?.(text) ?? expected}.`
}

/** A misspelt variable would be ignored without notice, so it is an error. */
function findMisspelt(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('CACHE_') && !(name in variables) && readText(env, name) !== '')
    .flatMap((name) => {
      const nearest = namesElsewhere[name] ?? findNearestName(name, knownNames, maxTypingErrors)
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
