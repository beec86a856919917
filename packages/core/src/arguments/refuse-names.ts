import { LarderError } from '../errors'

/** Names of other libraries in a text, by what to write instead. */
export type NamesElsewhere = Readonly<Record<string, string>>

/**
 * A prototype with the methods and the properties of other libraries: a call of one, and a read or an assignment of the other,
 * are answered with Larder's name for it. They are not enumerable, so that they appear neither in a printed object nor in a
 * copy of its methods, and a program may give the name of a method to one of its own.
 *
 * @param base - The prototype behind it.
 * @param message - Gets `method del` or `property size`, and what to write.
 */
export function refuseNames(
  base: object,
  names: { readonly methods: NamesElsewhere; readonly properties?: NamesElsewhere },
  message: (given: string, own: string) => string,
): object {
  const refuse = (given: string, own: string) => () => {
    throw new LarderError('UNKNOWN_METHOD', message(given, own))
  }
  const prototype: object = Object.create(base)
  for (const [name, own] of eachName(names.methods))
    Object.defineProperty(prototype, name, { value: refuse(`method ${name}`, own), writable: true })
  for (const [name, own] of eachName(names.properties ?? {})) {
    const refuseProperty = refuse(`property ${name}`, own)
    Object.defineProperty(prototype, name, { get: refuseProperty, set: refuseProperty })
  }
  return prototype
}

function eachName(names: NamesElsewhere): (readonly [name: string, own: string])[] {
  return Object.entries(names).flatMap(([own, texts]) => texts.split(' ').map((name) => [name, own] as const))
}
