import { type InnerList, type Item, parseDictionary } from 'structured-headers'
import type { Directives } from './directives'
import { type Fields, fieldValue } from './fields'

/**
 * The first of the targeted fields that says anything, as directives (RFC 9213 §2.2). A field that is empty or no valid
 * dictionary is passed over.
 */
export function targetedDirectives(fields: Fields, targets: readonly string[]): Directives | undefined {
  for (const target of targets) {
    const value = fieldValue(fields, target)
    const directives = value === undefined ? undefined : parse(value)
    if (directives !== undefined && directives.size > 0) return directives
  }
  return undefined
}

function parse(value: string): Directives | undefined {
  try {
    return new Map([...parseDictionary(value)].flatMap(([name, member]) => argumentOf(name, member)))
  } catch {
    return undefined
  }
}

/** Directives that take a number of seconds. */
const durations = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'])

/**
 * `?0` says that a directive is absent.
 * @throws TypeError for a duration that is no whole number: the field is as good as unreadable then.
 */
function argumentOf(name: string, [value]: Item | InnerList): [string, string | undefined][] {
  if (value === false) return []
  if (durations.has(name) && !Number.isInteger(value)) throw new TypeError(`${name} is no whole number.`)
  return [[name, value === true ? undefined : String(value)]]
}
