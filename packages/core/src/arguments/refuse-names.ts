import { LarderError } from '../errors'

/**
 * A prototype whose methods are those of other libraries: a call of one is answered with Larder's name for it. They are not
 * enumerable, so that they appear neither in a printed object nor in a copy of its methods.
 *
 * @param base - The prototype behind it.
 * @param ownNames - What to write, by the name elsewhere.
 */
export function refuseNames(
  base: object,
  ownNames: Readonly<Record<string, string>>,
  message: (name: string, own: string) => string,
): object {
  const refusals = Object.entries(ownNames).map(([name, own]) => [
    name,
    {
      value: () => {
        throw new LarderError('UNKNOWN_METHOD', message(name, own))
      },
    },
  ])
  return Object.create(base, Object.fromEntries(refusals))
}
