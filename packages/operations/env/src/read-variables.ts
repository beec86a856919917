import { findNearestName, LarderError } from '@larder/core'
import { redisUrlForm } from '@larder/redis'
import { quoteUrl, quoteValue } from './redact'
import type { VariableKind } from './variable-kinds'
import { type VariableName, type VariableValues, variables } from './variables'

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Names that other programs use for these variables, each with what to write. */
const namesElsewhere: Readonly<Record<string, string>> = {
  CACHE_DISABLED: 'CACHE_ENABLED=false',
  CACHE_PREFIX: 'CACHE_REDIS_PREFIX',
  CACHE_REDIS_URL: 'REDIS_URL',
  CACHE_TTL: 'CACHE_DEFAULT_TTL',
  CACHE_TTL_DEFAULT: 'CACHE_DEFAULT_TTL',
}

/** Names that other programs use for the server: without `REDIS_URL` the cache would be in memory, and nothing would say so. */
const serversElsewhere = ['REDIS_CONNECTION_STRING', 'REDIS_HOST', 'REDIS_TLS_URL', 'REDIS_URI'] as const

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
  problems.push(...findMisspelt(env), ...findServersElsewhere(env))
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

function findServersElsewhere(env: Environment): string[] {
  if (readText(env, 'REDIS_URL') !== '') return []
  return serversElsewhere
    .filter((name) => readText(env, name) !== '')
    .map(
      (name) =>
        `${name} is not read, and the cache would be in memory. Set REDIS_URL to ${redisUrlForm}. If it belongs to another program, write configFromEnv({ ...process.env, ${name}: undefined }).`,
    )
}

function badVariables(problems: readonly string[]): LarderError {
  const subject =
    problems.length === 1 ? 'An environment variable is' : `${problems.length} environment variables are`
  return new LarderError('BAD_OPTION', `${subject} invalid:\n${problems.join('\n')}`)
}
