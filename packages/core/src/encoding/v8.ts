import type { Serializer } from '../contracts/codec'
import { obstacleToBytes } from '../entry/byte-form'
import { findPart } from '../entry/find-part'
import { noClasses, type RegisteredClasses } from '../entry/registered-classes'
import { LarderError } from '../errors'
import { concatBytes } from './byte-writer'
import { replace, unserializableError } from './replace'
import { revive } from './revive'

/** A leading tab marks values with instances of registered classes; V8's own format begins with 0xff. */
const extendedMarker = 0x09

/**
 * The structured clone format of V8: preserves everything msgpack does, and cycles; larger, and readable by Node only.
 * Own properties of errors are lost; instances of classes that are not registered come back as plain objects; functions,
 * symbols and objects with hidden state are rejected. V8 reads without bounds: use it where nobody else writes to the store.
 * @throws LarderError `BAD_OPTION` if the runtime has no `node:v8`.
 */
export function v8(): Serializer {
  const engine = globalThis.process?.getBuiltinModule?.('node:v8')
  if (engine === undefined) {
    throw new LarderError('BAD_OPTION', 'v8() needs node:v8, which this runtime lacks. Use msgpack().')
  }
  return {
    id: 3,
    name: 'v8',
    serialize(value, classes = noClasses) {
      if (hasInstance(value, classes)) {
        const body = engine.serialize(replace(value, isV8Native, classes))
        return concatBytes([extendedMarker], body)
      }
      requireByteForm(value)
      return engine.serialize(value)
    },
    deserialize(bytes, classes = noClasses) {
      if (bytes[0] !== extendedMarker) return requireShallow(engine.deserialize(bytes))
      return revive(engine.deserialize(bytes.subarray(1)), classes)
    },
  }
}

const isPrimitive = (value: unknown) => typeof value !== 'object' && typeof value !== 'function'

/** Everything with parts is replaced, because a part may be an instance of a registered class. */
const isV8Native = (value: unknown) => isPrimitive(value) && typeof value !== 'symbol'

function hasInstance(value: unknown, classes: RegisteredClasses): boolean {
  const isRegistered = (part: unknown) =>
    typeof part === 'object' && part !== null && classes.typeOf(part) !== undefined
  return findPart(value, isRegistered, isNothing) !== undefined
}

/** @throws LarderError `UNSERIALIZABLE_VALUE` for a part that V8 would drop, empty, or refuse with an error of its own. */
function requireByteForm(value: unknown): void {
  const found = findPart(value, (part) => obstacleToBytes(part) !== undefined, isNothing)
  if (found !== undefined) throw unserializableError(found.path, obstacleToBytes(found.part) ?? '')
}

/** @throws LarderError `UNSERIALIZABLE_VALUE` for a value that could not be copied. */
function requireShallow(value: unknown): unknown {
  findPart(value, isNothing, isNothing)
  return value
}

const isNothing = () => false
