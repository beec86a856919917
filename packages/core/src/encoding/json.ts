import type { Serializer } from '../contracts/codec'
import { noClasses } from '../entry/registered-classes'
import { checkJson } from './check-json'
import { safeBytes } from './part-budget'
import { replace } from './replace'
import { revive } from './revive'

/** A leading tab marks JSON that contains replaced values of extended types. */
const extendedMarker = 0x09

/**
 * JSON, readable by people and other languages. Types that JSON lacks (Date, Map, Set, BigInt, bytes, `undefined`, `NaN`,
 * `-0`, RegExp, errors) are replaced by objects that Larder revives, behind a leading tab; plain data is plain JSON. Class
 * instances come back as plain objects unless registered; cycles, functions, symbols and objects with hidden state are rejected.
 */
export function json(): Serializer {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return {
    id: 2,
    name: 'json',
    serialize(value, classes = noClasses) {
      const replaced = replace(value, isJsonNative, classes)
      const isPlain = replaced === value
      const text = JSON.stringify(replaced)
      const bytes = encoder.encode(isPlain ? text : String.fromCharCode(extendedMarker) + text)
      if (!isPlain || bytes.length > safeBytes) checkJson(bytes)
      return bytes
    },
    deserialize(bytes, classes = noClasses) {
      const isPlain = bytes[0] !== extendedMarker
      checkJson(bytes)
      const value: unknown = JSON.parse(decoder.decode(bytes))
      return isPlain ? value : revive(value, classes)
    },
  }
}

function isJsonNative(value: unknown): boolean {
  if (typeof value === 'string') return true
  return typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)
}
