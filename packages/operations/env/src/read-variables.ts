import { LarderError } from '@larder/core'
import type { Kind } from './kind'
import { nearMiss } from './near-miss'
import { shown, shownUrl } from './shown'
import { type Values, type VariableName, variables } from './variables'

/** Variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

const kinds = Object.entries(variables) as [VariableName, Kind<unknown>][]
const names = kinds.map(([name]) => name)

/**
 * What the variables say. Blanks around a value do not count, and an empty one is as good as none.
 * @throws LarderError `BAD_OPTION` with a line for each variable that cannot be meant.
 */
export function readVariables(env: Environment): Values {
  const values: Partial<Record<VariableName, unknown>> = {}
  const problems: string[] = []
  for (const [name, kind] of kinds) {
    const text = textOf(env, name)
    if (text === '') continue
    const value = kind.parse(text)
    if (value === undefined) problems.push(problemOf(name, text, kind))
    else values[name] = value
  }
  problems.push(...misspelt(env))
  if (problems.length > 0) throw refused(problems)
  return values as Values
}

function textOf(env: Environment, name: string): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '').trim() : ''
}

function problemOf(name: VariableName, text: string, { expected }: Kind<unknown>): string {
  return `${name} is ${name === 'REDIS_URL' ? shownUrl(text) : shown(text)}. Write ${expected}.`
}

/** A misspelt variable would be ignored, and nobody would know. */
function misspelt(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('CACHE_') && !(name in variables) && textOf(env, name) !== '')
    .flatMap((name) => {
      const meant = nearMiss(name, names)
      return meant === undefined ? [] : `${name} is not known. Write ${meant}, or give it another name.`
    })
}

function refused(problems: readonly string[]): LarderError {
  const count = problems.length === 1 ? 'A variable' : `${problems.length} variables`
  return new LarderError('BAD_OPTION', `${count} of the environment cannot be meant:\n${problems.join('\n')}`)
}
