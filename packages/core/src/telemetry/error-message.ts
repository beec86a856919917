/** Anything can be thrown, also what has no text: an object without a prototype cannot be made a string. */
export function errorMessageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'something without a text'
  }
}
