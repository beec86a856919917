import { Packr } from 'msgpackr'
import type { Serializer } from '../contracts/codec'
import { tag, untag } from './tagged'

/** Whether the words of `tagged.ts` were needed: the first byte of the payload. */
const plain = 0
const worded = 1

/**
 * MessagePack, by msgpackr: the default, compact and fast. Keeps everything: Date, Map, Set, BigInt, buffers and typed
 * arrays, `undefined`, `NaN`, `-0`, RegExp, errors. Instances of classes come back as plain objects; cycles, functions
 * and symbols are refused.
 */
export function msgpack(): Serializer {
  const packr = new Packr({ useRecords: false, moreTypes: true, useBigIntExtension: true, copyBuffers: true })
  return {
    id: 1,
    name: 'msgpack',
    serialize(value) {
      const words = tag(value, isNative)
      const body = packr.pack(words)
      const bytes = new Uint8Array(body.length + 1)
      bytes[0] = words === value ? plain : worded
      bytes.set(body, 1)
      return bytes
    },
    deserialize(bytes) {
      const value: unknown = packr.unpack(bodyOf(bytes))
      return bytes[0] === plain ? value : untag(value)
    },
  }
}

/** As a Buffer where there are such: msgpackr makes Buffers of what was one only then. */
function bodyOf(bytes: Uint8Array): Uint8Array {
  return globalThis.Buffer?.from(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1) ?? bytes.subarray(1)
}

/** Leaves that MessagePack holds by itself. */
function isNative(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      return !Object.is(value, -0)
    case 'undefined':
    case 'bigint':
      return true
    default:
      return (
        value instanceof Date ||
        value instanceof RegExp ||
        ArrayBuffer.isView(value) ||
        value instanceof ArrayBuffer
      )
  }
}
