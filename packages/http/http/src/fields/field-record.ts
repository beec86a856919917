import type { Fields } from './fields'

/** Fields by name, as servers take them: several values where a name stands more than once. */
export type FieldRecord = Readonly<Record<string, string | string[]>>

export function recordOf(fields: Fields): FieldRecord {
  const byName = new Map<string, string | string[]>()
  for (const [name, value] of fields) {
    const known = byName.get(name)
    byName.set(name, known === undefined ? value : [known, value].flat())
  }
  // Takes `__proto__` for a name like any other.
  return Object.fromEntries(byName)
}
