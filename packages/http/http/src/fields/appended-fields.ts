const appendedFields = new Set(['cache-status', 'vary'])

/**
 * Whether a field that the cache adds follows the lines of the same name that others have set, as `Cache-Status` and `Vary` do.
 * All others take their place.
 */
export function isAppended(name: string): boolean {
  return appendedFields.has(name)
}
