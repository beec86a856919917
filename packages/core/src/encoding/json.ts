import type { Serializer } from '../contracts/codec'
import { replace, revive } from './extended-types'

/** A tab in front: the words of `tagged.ts` were needed. */
const worded = 0x09

/**
 * JSON, readable by people and other languages. What JSON lacks (Date, Map, Set, BigInt, bytes, `undefined`, `NaN`,
 * `-0`, RegExp, errors) is put into words that only Larder reads, behind a tab; plain data is plain JSON.
 * Instances of classes come back as plain objects; cycles, functions and symbols are refused.
 */
export function json(): Serializer {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return {
    id: 2,
    name: 'json',
    serialize(value) {
      const words = replace(value, isNative)
      const text = JSON.stringify(words)
      return encoder.encode(words === value ? text : String.fromCharCode(worded) + text)
    },
    deserialize(bytes) {
      const value: unknown = JSON.parse(decoder.decode(bytes))
      return bytes[0] === worded ? revive(value) : value
    },
  }
}

function isNative(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)
}
