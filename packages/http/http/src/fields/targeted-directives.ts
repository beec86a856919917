import { type InnerList, type Item, parseDictionary } from 'structured-headers'
import type { Directives } from './directives'
import { type Fields, fieldValue } from './fields'

/**
 * The directives of the first targeted field that is present (RFC 9213 §2.2). A field that is empty or not a valid
 * dictionary is skipped.
 */
export function targetedDirectives(fields: Fields, targets: readonly string[]): Directives | undefined {
  for (const target of targets) {
    const value = fieldValue(fields, target)
    const directives = value === undefined ? undefined : parseTargetedField(value)
    if (directives !== undefined && directives.size > 0) return directives
  }
  return undefined
}

function parseTargetedField(value: string): Directives | undefined {
  try {
    return new Map([...parseDictionary(value)].flatMap(([name, member]) => toDirective(name, member)))
  } catch {
    return undefined
  }
}

/** Directives whose argument is a number of seconds. */
const durations = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'])

/**
 * The directive as name and argument. Empty for `?0`, which marks a directive as absent.
 * @throws TypeError for a duration that is not a whole number: the whole field is then invalid.
 */
function toDirective(name: string, [value]: Item | InnerList): [string, string | undefined][] {
  if (value === false) return []
  if (durations.has(name) && !Number.isInteger(value))
    throw new TypeError(`${name} must be a whole number of seconds; got ${String(value)}.`)
  return [[name, value === true ? undefined : String(value)]]
}
