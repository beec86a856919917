import type { Cache } from '@larder/core'
import { numberIn } from '../http/parameters'
import { json } from '../http/problem'
import type { Route } from '../http/route'
import { list, number, object, text } from '../openapi/schema'

const mostSampled = 500

/** Tags, and what hangs below what. */
export const tagRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'tags',
    summary: 'Tags by the entries that carry them, among some of the keys; and the links between tags.',
    query: [
      {
        name: 'sample',
        description: 'Keys looked at.',
        schema: { type: 'integer', minimum: 1, maximum: mostSampled, default: 100 },
      },
    ],
    answer: object({
      sampled: number,
      tags: list(object({ name: text, entries: number })),
      links: list(object({ child: text, parent: text })),
    }),
    async handle({ operated: { cache }, query }) {
      const sample = numberIn(query, 'sample', { min: 1, max: mostSampled, otherwise: 100 })
      const carried = await tagsOfSome(cache, sample)
      const entries = new Map<string, number>()
      for (const tag of carried.flat()) entries.set(tag, (entries.get(tag) ?? 0) + 1)
      const tags = [...entries]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => ({ name, entries: count }))
      return json({ sampled: carried.length, tags, links: cache.graph().slice(0, mostSampled) })
    },
  },
]

/** The tags of each of so many entries. */
async function tagsOfSome(cache: Cache, sample: number): Promise<(readonly string[])[]> {
  const { keys } = await cache.keys({ limit: sample })
  const explained = keys.slice(0, sample).map(async ({ namespace, key }) => {
    const within = namespace.reduce<Cache>((outer, name) => outer.namespace(name), cache)
    return (await within.explain(key)).tags
  })
  return Promise.all(explained)
}
