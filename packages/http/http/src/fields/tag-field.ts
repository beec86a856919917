import { percentEncode } from './percent-encoding'

/** The fields in which CDNs accept tags: `Surrogate-Key` separates them by spaces, `Cache-Tag` by commas. */
export type TagField = 'surrogate-key' | 'cache-tag'

/** Tags in the form that a CDN field can carry: separators and anything but printable ASCII are percent-encoded. */
export function encodeTags(tags: readonly string[]): string[] {
  return tags.map((tag) => percentEncode(tag, /[\s,%]|[^\x20-\x7e]/gu))
}

export function formatTags(field: TagField, tags: readonly string[]): string {
  return encodeTags(tags).join(field === 'surrogate-key' ? ' ' : ',')
}
