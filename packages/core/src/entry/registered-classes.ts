import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'

/**
 * A class whose instances keep their class in shared stores.
 *
 * @example
 * ```ts
 * createCache({
 *   name: 'prices',
 *   store: redisStore({ url }),
 *   types: [{ class: Decimal, encode: (price) => price.toString(), decode: (text) => new Decimal(text) }],
 * })
 * ```
 */
export interface ValueType {
  /** Instances of exactly this class are encoded; a subclass is registered by itself. */
  readonly class: abstract new (
    ...args: never[]
  ) => object
  /** Names the class in stored bytes: the same in all processes, also minified ones. @defaultValue the name of the class */
  readonly name?: string | undefined
  /** Plain data that describes the instance. May contain instances of other registered classes. */
  encode(instance: object): unknown
  /** Makes an instance of what `encode` has returned. */
  decode(encoded: never): object
}

/** The registered classes of a cache. */
export interface RegisteredClasses {
  /** The type of an instance, if its class is registered. */
  typeOf(value: object): Required<ValueType> | undefined
  /** @throws LarderError `BAD_ENTRY` for a name that is not registered. */
  decode(name: string, encoded: unknown): unknown
}

/** @throws LarderError `BAD_OPTION` if two types have one class or one name. */
function registerClasses(types: readonly ValueType[]): RegisteredClasses {
  const byPrototype = new Map<object | null, Required<ValueType>>()
  const byName = new Map<string, Required<ValueType>>()
  for (const type of types) {
    const name = type.name ?? type.class.name
    const prototype = type.class.prototype as object
    if (name === '') throw badTypes('one of the classes has no name. Add { name }')
    if (byName.has(name) || byPrototype.has(prototype))
      throw badTypes(`"${name}" is registered twice. Give each class a { name } of its own`)
    const { class: registered, encode, decode } = type
    const complete = { class: registered, name, encode, decode }
    byPrototype.set(prototype, complete)
    byName.set(name, complete)
  }

  return {
    typeOf: (value) => (byPrototype.size === 0 ? undefined : byPrototype.get(Object.getPrototypeOf(value))),
    decode(name, encoded) {
      const type = byName.get(name)
      if (type !== undefined) return type.decode(encoded as never)
      throw new LarderError(
        'BAD_ENTRY',
        `The entry contains an instance of ${name}, which is not registered.`,
      )
    },
  }
}

export const noClasses: RegisteredClasses = registerClasses([])

/** Checks the option `types` and registers its classes. @throws LarderError `BAD_OPTION` that says what to write. */
export function toClasses(types: unknown, option: string): RegisteredClasses {
  if (Array.isArray(types) && types.findIndex((type) => !isValueType(type)) < 0) return registerClasses(types)
  throw new LarderError(
    'BAD_OPTION',
    `${option} must be a list such as [{ class: Decimal, encode: (d) => d.toString(), decode: (s) => new Decimal(s) }]; got ${describeValue(types)}.`,
  )
}

function isValueType(type: unknown): type is ValueType {
  const { class: registered, name, encode, decode } = (type ?? {}) as Partial<ValueType>
  const isNamed = name === undefined || typeof name === 'string'
  return isNamed && [registered, encode, decode].every((part) => typeof part === 'function')
}

function badTypes(problem: string): LarderError {
  return new LarderError('BAD_OPTION', `types: ${problem}.`)
}
