import { percentEncoded } from './percent-encoding'

/** How CDNs take tags: `Surrogate-Key` between spaces, `Cache-Tag` between commas. */
export type TagField = 'surrogate-key' | 'cache-tag'

/** Tags as a CDN's field can hold them: what separates them is escaped. */
export function tagNames(tags: readonly string[]): string[] {
  return tags.map((tag) => percentEncoded(tag, /[\s,%]|[^\x20-\x7e]/gu))
}

export function formatTags(field: TagField, tags: readonly string[]): string {
  return tagNames(tags).join(field === 'surrogate-key' ? ' ' : ',')
}
