/**
 * Gives a function that is called in the place of `fn` the arity of it, which some frameworks look at, and a name for stack
 * traces and logs.
 */
export function copySignature<F extends CallableFunction>(
  standIn: F,
  fn: { readonly length: number; readonly name: string },
  name = fn.name,
): F {
  return Object.defineProperties(standIn, {
    length: { value: fn.length, configurable: true },
    name: { value: name, configurable: true },
  })
}
