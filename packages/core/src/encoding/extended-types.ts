/** The property that marks a replaced value. */
export const marker = '$larder'

/** The replacement of a value whose type the format lacks. */
export interface Replacement {
  readonly [marker]: string
  readonly v: unknown
}

/** The parts of an error, as they are stored. */
export type ErrorParts = readonly [
  name: string,
  message: string,
  stack: string,
  fields: readonly (readonly [string, unknown])[],
]

/** Fields of errors that are kept although they are not enumerable. */
export const hiddenErrorFields = ['cause', 'errors']

/** Maximum digits of a BigInt: parsing takes a time that grows with their square. */
export const maxDigits = 10_000

export const viewClasses = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as readonly (new (
  buffer: ArrayBufferLike,
) => ArrayBufferView)[]
