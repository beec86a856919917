/** How CDNs take tags: `Surrogate-Key` between spaces, `Cache-Tag` between commas. */
export type TagField = 'surrogate-key' | 'cache-tag'

/** Tags as a CDN's field can hold them: what separates them is escaped. */
export function tagNames(tags: readonly string[]): string[] {
  return tags.map((tag) => tag.replace(/[\s,%]|[^\x20-\x7e]/g, encodeURIComponent))
}

export function formatTags(field: TagField, tags: readonly string[]): string {
  return tagNames(tags).join(field === 'surrogate-key' ? ' ' : ',')
}
