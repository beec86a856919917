import type { Cache, KeyView } from '@larder/core'
import type { Command } from '../command'
import { headerStore } from '../header-store'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { sampleKeys } from '../sample-keys'
import { alignColumns } from '../text/align-columns'
import { formatCount, formatInteger } from '../text/amounts'
import { highlightHeading } from '../text/line'
import { quoteBlanks } from '../text/printable'
import { selectNamespace, withCache } from '../with-cache'

const defaultSampleSize = 1_000
/** Entries explained concurrently. */
const batchSize = 50

interface TagCount {
  readonly tag: string
  /** Sampled entries that carry the tag. */
  entries: number
  /** Those of them that are fresh or stale, so that a read would be served. */
  served: number
}

export const tags: Command = {
  name: 'tags',
  description: 'List the tags of the entries, and the links between tags',
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: {
    limit: {
      type: 'string',
      placeholder: 'COUNT',
      description: `approximate number of entries sampled; default: ${defaultSampleSize}`,
    },
    ...namespaceOption,
  },
  examples: ['larder tags --name shop', 'larder tags --name shop --limit 10000 --json'],
  async run(context) {
    const { args } = context
    const limit = args.getCount('limit', defaultSampleSize)
    return withCache(
      context,
      async ({ cache }) => {
        const scope = selectNamespace(cache, args.getList('namespace'))
        const { keys, isComplete } = await sampleKeys(scope, limit)
        const counts = await countTags(scope, keys)
        const links = cache.graph()
        await printResult(
          context,
          { tags: counts, entries: keys.length, complete: isComplete, links },
          () => [
            ...highlightHeading(
              alignColumns([
                ['tag', 'entries', 'served'],
                ...counts.map(({ tag, entries, served }) => [
                  quoteBlanks(tag),
                  formatInteger(entries),
                  formatInteger(served),
                ]),
              ]),
            ),
            '',
            isComplete
              ? `All entries counted: ${formatInteger(keys.length)}.`
              : `Counted in the first ${formatCount(keys.length, 'entry', 'entries')}; raise --limit to count more.`,
            ...links.map(({ child, parent }) => `Invalidating ${parent} also invalidates ${child}.`),
          ],
        )
        return 0
      },
      headerStore,
    )
  },
}

/** Counts the entries per tag, the most used tag first. */
async function countTags(scope: Cache, keys: readonly KeyView[]): Promise<TagCount[]> {
  const counts = new Map<string, TagCount>()
  for (let start = 0; start < keys.length; start += batchSize) {
    const explanations = await Promise.all(
      keys
        .slice(start, start + batchSize)
        .map(({ namespace, key }) => selectNamespace(scope, namespace).explain(key)),
    )
    for (const { tags: entryTags, outcome } of explanations) {
      for (const tag of entryTags) {
        const count = counts.get(tag) ?? { tag, entries: 0, served: 0 }
        counts.set(tag, count)
        count.entries += 1
        if (outcome !== 'miss') count.served += 1
      }
    }
  }
  return [...counts.values()].sort((a, b) => b.entries - a.entries || (a.tag < b.tag ? -1 : 1))
}
