import type { Cache, KeyView } from '@larder/core'
import type { Command } from '../command'
import { scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'
import { sampleKeys } from '../sample-keys'
import { whole } from '../text/amounts'
import { columns } from '../text/columns'

const keysByDefault = 1_000
/** Entries looked at together. */
const together = 50

interface TagCount {
  readonly tag: string
  /** Entries that carry it. */
  entries: number
  /** Those of them that would be served. */
  served: number
}

export const tags: Command = {
  name: 'tags',
  about: 'Tags of the entries, and the links between tags',
  words: '',
  wordCount: [0, 0],
  options: {
    limit: { type: 'string', value: 'COUNT', about: `entries looked at, about (${keysByDefault})` },
    ...namespaceOption,
  },
  examples: ['larder tags --name shop', 'larder tags --name shop --limit 10000 --json'],
  async run(context) {
    const { args } = context
    const limit = args.count('limit', keysByDefault)
    return withCache(context, async ({ cache }) => {
      const scope = scopeOf(cache, args.list('namespace'))
      const { keys, isComplete } = await sampleKeys(scope, limit)
      const counts = await countTags(scope, keys)
      const links = cache.graph()
      await print(context, { tags: counts, entries: keys.length, complete: isComplete, links }, () => [
        ...columns([
          ['tag', 'entries', 'served'],
          ...counts.map(({ tag, entries, served }) => [tag, whole(entries), whole(served)]),
        ]),
        '',
        `Among ${isComplete ? 'all' : 'the first'} ${whole(keys.length)} entries.${isComplete ? '' : ' More with --limit.'}`,
        ...links.map(({ child, parent }) => `Whatever invalidates ${parent} invalidates ${child}.`),
      ])
      return 0
    })
  },
}

async function countTags(scope: Cache, keys: readonly KeyView[]): Promise<TagCount[]> {
  const counts = new Map<string, TagCount>()
  for (let at = 0; at < keys.length; at += together) {
    const found = await Promise.all(
      keys.slice(at, at + together).map(({ namespace, key }) => scopeOf(scope, namespace).explain(key)),
    )
    for (const { tags: its, outcome } of found) {
      for (const tag of its) {
        const count = counts.get(tag) ?? { tag, entries: 0, served: 0 }
        counts.set(tag, count)
        count.entries += 1
        if (outcome !== 'miss') count.served += 1
      }
    }
  }
  return [...counts.values()].sort((a, b) => b.entries - a.entries || (a.tag < b.tag ? -1 : 1))
}
