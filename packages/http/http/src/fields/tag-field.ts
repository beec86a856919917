/** The fields in which CDNs accept tags: `Surrogate-Key` separates them by spaces, `Cache-Tag` by commas. */
export type TagField = 'surrogate-key' | 'cache-tag'

/** `names` contain neither separators nor anything but printable ASCII. */
export function formatTags(field: TagField, names: readonly string[]): string {
  return names.join(field === 'surrogate-key' ? ' ' : ',')
}
