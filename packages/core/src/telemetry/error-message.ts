/** The message of a thrown value. Any value can be thrown, including objects that cannot be converted to a string. */
export function errorMessageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'a thrown value without a message'
  }
}
