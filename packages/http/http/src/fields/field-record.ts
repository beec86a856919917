import type { Fields } from './fields'

/** Fields by name, as servers accept them: an array of values for a name that occurs more than once. */
export type FieldRecord = Readonly<Record<string, string | string[]>>

export function toFieldRecord(fields: Fields): FieldRecord {
  const byName = new Map<string, string | string[]>()
  for (const [name, value] of fields) {
    const known = byName.get(name)
    byName.set(name, known === undefined ? value : [known, value].flat())
  }
  // Unlike assignment, `fromEntries` makes an ordinary property of a field called `__proto__`.
  return Object.fromEntries(byName)
}
