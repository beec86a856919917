import type { Cache } from '@larder/core'
import { readInteger } from '../http/parameters'
import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { arrayOf, number, objectOf, string } from '../openapi/schema'

const maxSampleSize = 500
const maxLinks = 500

/** Tags and the links between them. */
export const tagRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'tags',
    summary: 'Tags by the number of sampled entries that carry them, and the links between tags.',
    query: [
      {
        name: 'sample',
        description: 'Number of entries sampled.',
        schema: { type: 'integer', minimum: 1, maximum: maxSampleSize, default: 100 },
      },
    ],
    response: objectOf({
      sampled: number,
      tags: arrayOf(objectOf({ name: string, entries: number })),
      links: arrayOf(objectOf({ child: string, parent: string })),
    }),
    async handleRequest({ managed: { cache }, query }) {
      const size = readInteger(query, 'sample', { min: 1, max: maxSampleSize, defaultValue: 100 })
      const sample = await sampleTags(cache, size)
      return jsonResponse({
        sampled: sample.length,
        tags: countTags(sample),
        links: cache.graph().slice(0, maxLinks),
      })
    },
  },
]

type TagsOfEntry = readonly string[]

/** The tags of each of `size` entries. */
async function sampleTags(cache: Cache, size: number): Promise<TagsOfEntry[]> {
  const { keys } = await cache.keys({ limit: size })
  const tagsOfEntries = keys.slice(0, size).map(async ({ namespace, key }) => {
    const scope = namespace.reduce<Cache>((outer, name) => outer.namespace(name), cache)
    return (await scope.explain(key)).tags
  })
  return Promise.all(tagsOfEntries)
}

/** Entries per tag, the most used tag first. */
function countTags(sample: readonly TagsOfEntry[]): { name: string; entries: number }[] {
  const entries = new Map<string, number>()
  for (const tag of sample.flat()) entries.set(tag, (entries.get(tag) ?? 0) + 1)
  return [...entries].sort(([, a], [, b]) => b - a).map(([name, count]) => ({ name, entries: count }))
}
