import type { Cache } from '@larder/core'
import { numberIn } from '../http/parameters'
import { json, Problem } from '../http/problem'
import type { Asked, Parameter, Route } from '../http/route'
import { choice, date, list, number, object, text } from '../openapi/schema'

export const mostKeys = 1_000

const namespace: Parameter = {
  name: 'namespace',
  description: 'The namespace of the key; one within the other where it is given several times.',
  schema: list(text),
}

/** The part of the cache that a request is about. */
export function namespaceOf({ operated, query }: Asked): Cache {
  return query.getAll('namespace').reduce<Cache>((cache, name) => cache.namespace(name), operated.cache)
}

/** What is in the cache. */
export const keyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'keys',
    summary: 'Keys, a page at a time. A page may be empty though others follow.',
    query: [
      {
        name: 'pattern',
        description: '* stands for any characters, ? for one.',
        schema: { ...text, maxLength: 4_096 },
      },
      { name: 'cursor', description: 'As the page before has given it.', schema: text },
      {
        name: 'limit',
        description: 'Keys looked at, about.',
        schema: { type: 'integer', minimum: 1, maximum: mostKeys, default: 100 },
      },
      namespace,
    ],
    answer: object({ keys: list(object({ namespace: list(text), key: text })), 'cursor?': text }),
    async handle(asked) {
      const { query } = asked
      const limit = numberIn(query, 'limit', { min: 1, max: mostKeys, otherwise: 100 })
      const pattern = query.get('pattern') ?? '*'
      return json(await namespaceOf(asked).keys({ pattern, limit, cursor: query.get('cursor') ?? undefined }))
    },
  },
  {
    method: 'GET',
    path: 'keys/{key}',
    summary: 'Why a key is a hit, stale or a miss; its value only where that is allowed.',
    query: [namespace],
    answer: object({
      key: text,
      outcome: choice('hit', 'stale', 'miss'),
      'reason?': text,
      'tier?': text,
      'age?': number,
      'freshFor?': { type: ['number', 'null'] },
      tags: list(text),
      'asOf?': number,
      position: number,
      lag: { type: ['number', 'null'] },
      'invalidatedBy?': object({ scope: text, name: text, mode: text, 'position?': number, 'at?': date }),
      summary: text,
      'value?': {},
    }),
    async handle(asked) {
      const cache = namespaceOf(asked)
      const { key = '' } = asked.params
      const explanation = await cache.explain(key)
      if (explanation.reason === 'absent') throw new Problem(404, 'No entry', explanation.summary)
      return json(
        asked.options.showValues === true ? { ...explanation, value: await jsonOf(cache, key) } : explanation,
      )
    },
  },
]

/** A value as JSON can hold it. What JSON cannot hold is shown as text. */
async function jsonOf(cache: Cache, key: string): Promise<unknown> {
  const value = await cache.get(key)
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return String(value)
  }
}
