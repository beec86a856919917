import { hashOfKey } from '@larder/core'
import { percentEncode } from '../fields/percent-encoding'
import { kindOfTag } from './response-tags'

/** In characters. Servers and proxies refuse heads of 8 kB, which also hold the other fields. */
const maxFieldLength = 4_000

/** Stands for any tag of a family, in a field that has no room for each of them. */
const anyTag = '~all'

/** The tags of a response for the field of a CDN. */
export interface CdnTags {
  readonly names: readonly string[]
  /** Tags were replaced by that of their family, because there were too many of them. */
  readonly isCoarse: boolean
}

/**
 * The names by which a CDN can purge a response: its tags with all their ancestors, because an invalidation of `org` ends
 * `org:7` too, and short names for its target and its cache groups. If there are too many, one name for each family, and if
 * these are too many, one for all: purging it then costs misses, but no response outlives its tags.
 */
export function cdnTagsOf(tags: readonly string[]): CdnTags {
  const applicationTags = tags.filter((tag) => kindOfTag(tag) === 'application')
  const shortNames = tags.filter((tag) => isShortened(tag)).map(shortenTag)
  const complete = unique([...applicationTags.flatMap(withAncestors), ...shortNames])
  if (fits(complete)) return { names: complete, isCoarse: false }
  const families = unique([...applicationTags.map(familyTag), ...shortNames])
  return { names: fits(families) ? families : [anyTag], isCoarse: true }
}

/** The names to purge from a CDN after an invalidation of these tags. Responses of users are in no CDN. */
export function purgedNames(tags: readonly string[]): readonly string[] {
  const known = tags.filter((tag) => kindOfTag(tag) !== 'user')
  if (known.length === 0) return []
  const names = known.map((tag) => (isShortened(tag) ? shortenTag(tag) : encodeName(tag)))
  const families = known.filter((tag) => !isShortened(tag)).map(familyTag)
  return unique([...names, ...families, anyTag])
}

/** Separators of the fields, and anything but printable ASCII. */
const encodeName = (tag: string) => percentEncode(tag, /[\s,%]|[^\x20-\x7e]/gu)

function isShortened(tag: string): boolean {
  const kind = kindOfTag(tag)
  return kind === 'target' || kind === 'group'
}

/** A collision of two hashes only purges more. */
const shortenTag = (tag: string) => `~${hashOfKey(tag).toString(36)}`

/** `a:b:c` becomes `a:b:c`, `a:b` and `a`. */
function withAncestors(tag: string): string[] {
  const segments = tag.split(':')
  return segments.map((_, index) => encodeName(segments.slice(0, segments.length - index).join(':')))
}

const familyTag = (tag: string) => `${encodeName(tag.split(':', 1)[0] ?? '')}:${anyTag}`

const unique = (names: readonly string[]) => [...new Set(names)]

/** With a separator after each name. */
const fits = (names: readonly string[]) =>
  names.reduce((length, name) => length + name.length + 1, 0) <= maxFieldLength
