// The entry in plain JavaScript: the main one loads a native addon on Node.
import { Packr } from 'msgpackr/pack'
import type { Serializer } from '../contracts/codec'
import { isWellFormed } from '../entry/key'
import { nestedTooDeeply } from '../entry/nesting'
import { noClasses } from '../entry/registered-classes'
import { concatBytes } from './byte-writer'
import { checkMsgpack } from './check-msgpack'
import { viewClasses } from './extended-types'
import { safeBytes } from './part-budget'
import { replace } from './replace'
import { revive } from './revive'

/** A leading byte that MessagePack never uses marks payloads with replaced values of extended types. */
const extendedMarker = 0xc1

/**
 * MessagePack, by msgpackr: the default, compact and fast. Preserves Date, Map, Set, BigInt, buffers and typed arrays,
 * `undefined`, `NaN`, `-0`, RegExp and errors. Class instances come back as plain objects unless registered; cycles, functions, symbols and objects with hidden state
 * are rejected.
 */
export function msgpack(): Serializer {
  const packr = new Packr({
    useRecords: false,
    // Saves two bytes per object, and allows any number of fields.
    variableMapSize: true,
    moreTypes: true,
    useBigIntExtension: true,
    copyBuffers: true,
  })

  function packValue(value: unknown): Uint8Array {
    try {
      return packr.pack(value)
    } catch (error) {
      // The stack is exhausted.
      throw error instanceof RangeError ? nestedTooDeeply() : error
    }
  }

  /** msgpackr gets a view of exactly these bytes, which have been checked: it cannot read others. */
  function unpackBytes(bytes: Uint8Array): unknown {
    checkMsgpack(bytes)
    return packr.unpack(toBuffer(bytes))
  }

  return {
    id: 1,
    name: 'msgpack',
    serialize(value, classes = noClasses) {
      const replaced = replace(value, isMsgpackNative, classes)
      const body = packValue(replaced)
      const isPlain = replaced === value
      if (!isPlain || body.length > safeBytes) checkMsgpack(body)
      return isPlain ? body : concatBytes([extendedMarker], body)
    },
    deserialize(bytes, classes = noClasses) {
      if (bytes[0] !== extendedMarker) return unpackBytes(bytes)
      return revive(unpackBytes(bytes.subarray(1)), classes)
    },
  }
}

/** As a Buffer on Node: msgpackr returns Buffers only when given one. */
function toBuffer(bytes: Uint8Array): Uint8Array {
  return globalThis.Buffer?.from(bytes.buffer, bytes.byteOffset, bytes.length) ?? bytes
}

/** The classes of this realm that MessagePack encodes by itself. Their subclasses would lose their class. */
const nativePrototypes = new Set<unknown>(
  [Date, RegExp, ArrayBuffer, ...viewClasses, globalThis.Buffer].map((native) => native?.prototype),
)

/** Whether MessagePack, with the options above, preserves the value without replacement. */
function isMsgpackNative(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return isWellFormed(value)
    case 'number':
      return !Object.is(value, -0)
    case 'bigint':
      return value > -smallBigInt && value < smallBigInt
    case 'object':
      return value !== null && nativePrototypes.has(Object.getPrototypeOf(value))
    default:
      return value === undefined
  }
}

/** Larger ones are written as digits, whose number is bounded. */
const smallBigInt = 2n ** 1_024n
