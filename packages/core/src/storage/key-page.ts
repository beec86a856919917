import type { ScanPage } from '../contracts/store'

/**
 * The first `count` keys after `cursor` in lexical order. Reading or writing other entries does not change that order, so
 * a scan page by page meets each key once. One pass over the entries; never more than `2 * count` keys are sorted.
 */
export function pageOfKeys(
  entries: Iterable<{ readonly key: string }>,
  cursor: string | undefined,
  count: number,
): ScanPage {
  let first: string[] = []
  for (const { key } of entries) {
    if (cursor !== undefined && key <= cursor) continue
    first.push(key)
    if (first.length > 2 * count) first = first.sort().slice(0, count + 1)
  }
  const keys = first.sort().slice(0, count)
  return { keys, cursor: first.length > count ? keys.at(-1) : undefined }
}
