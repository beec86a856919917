import { describeValue, LarderError } from '@larder/core'
import { isUnicode } from './session-id'
import type { FieldChange, Fields } from './store/session-store'
import { toJson as toJsonObject } from './store/session-text'

/**
 * The fields of a session's data.
 * @throws LarderError `UNSERIALIZABLE_VALUE` for what JSON does not give back, `VALUE_TOO_LARGE` beyond `maxBytes`.
 */
export function toFields(data: unknown, maxBytes: number): Fields {
  if (!isPlainObject(data))
    throw unserializable(`its data must be an object such as { cart: [] }; got ${describeValue(data)}`)
  const fields = new Map<string, string>()
  let bytes = 0
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue
    if (!isUnicode(name))
      throw unserializable(`the name of its field ${JSON.stringify(name)} has half of a surrogate pair`)
    const json = toJson(name, value)
    fields.set(JSON.stringify(name), json)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(json)
  }
  if (bytes <= maxBytes) return fields
  throw new LarderError(
    'VALUE_TOO_LARGE',
    `A session has ${bytes} bytes, more than maxBytes (${maxBytes}). Keep large data in the database, and its key in the session.`,
  )
}

/** The data of fields. A field named `__proto__` is one like any other. */
export function toData<T extends object>(fields: Fields): T {
  return JSON.parse(toJsonObject(fields)) as T
}

/** The fields that differ, one change for each. */
export function changesBetween(before: Fields, after: Fields): FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names]
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((change) => change.before !== change.after)
}

function toJson(field: string, value: unknown): string {
  try {
    requireJson(field, value)
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof LarderError) throw error
    throw unserializable(`its field ${JSON.stringify(field)} refers to itself`)
  }
}

/** Visits all that `JSON.stringify` would write: to do so by its replacer takes several times as long. */
function requireJson(field: string, value: unknown): void {
  if (value === null || value === undefined) return
  if (typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    for (const item of value) requireJson(field, item)
    return
  }
  if (!isPlainObject(value))
    throw unserializable(
      `its field ${JSON.stringify(field)} contains ${describeValue(value)}, which JSON does not give back. Write texts, numbers, true, false, null, lists and plain objects`,
    )
  for (const key of Object.keys(value)) requireJson(field, (value as Record<string, unknown>)[key])
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function unserializable(problem: string): LarderError {
  return new LarderError('UNSERIALIZABLE_VALUE', `A session cannot be kept: ${problem}.`)
}
