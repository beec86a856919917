/** Where the tag one segment above ends; -1 for a tag of one segment. */
function endOfParent(tag: string, separator: string, end: number): number {
  const at = separator === '' ? -1 : tag.lastIndexOf(separator, end - separator.length)
  return at > 0 ? at : -1
}

/** The tag one segment above: `jobs` for `jobs:42`. Undefined for a tag of one segment. */
export function parentBySegment(tag: string, separator: string): string | undefined {
  const end = endOfParent(tag, separator, tag.length)
  return end < 0 ? undefined : tag.slice(0, end)
}

/** The topmost tags above this one, at most `count`, the first segment first. */
export function topAncestors(tag: string, separator: string, count: number): string[] {
  const ends: number[] = []
  for (let end = endOfParent(tag, separator, tag.length); end > 0; end = endOfParent(tag, separator, end))
    ends.push(end)
  return ends
    .reverse()
    .slice(0, count)
    .map((end) => tag.slice(0, end))
}
