import type { ScanPage } from '../contracts/store'

/**
 * The first `count` keys after `cursor` in the order of their text, which no use of an entry changes. Looks at each key
 * once and sorts no more than it must.
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
