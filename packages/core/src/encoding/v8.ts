import type { Serializer } from '../contracts/codec'
import { LarderError } from '../errors'

/**
 * The structured clone format of V8: keeps everything msgpack does, and cycles; larger, and readable by Node alone.
 * Own fields of errors are lost; instances of classes come back as plain objects; functions and symbols are refused.
 * @throws LarderError `BAD_OPTION` where the runtime has no `node:v8`.
 */
export function v8(): Serializer {
  const engine = globalThis.process?.getBuiltinModule?.('node:v8')
  if (engine === undefined) {
    throw new LarderError(
      'BAD_OPTION',
      'v8() needs node:v8, which this runtime does not have. Use msgpack().',
    )
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
          'The value holds a function or a symbol, which has no form in bytes.',
          { cause },
        )
      }
    },
    deserialize: (bytes) => engine.deserialize(bytes) as unknown,
  }
}
