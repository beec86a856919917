import type { Serializer } from '../contracts/codec'
import { LarderError } from '../errors'

/**
 * The structured clone format of V8: preserves everything msgpack does, and cycles; larger, and readable by Node only.
 * Own properties of errors are lost; class instances come back as plain objects; functions and symbols are rejected.
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
    serialize(value) {
      try {
        return engine.serialize(value)
      } catch (cause) {
        throw new LarderError(
          'UNSERIALIZABLE_VALUE',
          'The value contains a function or a symbol, which cannot be serialized.',
          { cause },
        )
      }
    },
    deserialize: (bytes) => engine.deserialize(bytes) as unknown,
  }
}
