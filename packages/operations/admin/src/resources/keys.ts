import type { Cache, KeyPage, KeysOptions } from '@larder/core'
import { readInteger } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, QueryParameter, Route } from '../http/route'
import { arrayOf, dateTime, enumOf, number, objectOf, string } from '../openapi/schema'

export const maxPageSize = 1_000
/** In characters. */
export const maxPatternLength = 256

export const namespaceParameter: QueryParameter = {
  name: 'namespace',
  description: 'The namespace of keys and patterns. Repeat it for nested namespaces, the outermost first.',
  schema: arrayOf(string),
}

/** The namespace that the request selects, or the cache itself. */
export function selectNamespace({ managed, query }: AdminRequest): Cache {
  return query.getAll('namespace').reduce<Cache>((outer, name) => outer.namespace(name), managed.cache)
}

/** @throws Problem 400 for a pattern that is too long. */
export function readPattern(pattern: string): string {
  if (pattern.length <= maxPatternLength) return pattern
  throw new Problem(400, 'Bad pattern', `A pattern must have at most ${maxPatternLength} characters.`)
}

/** Listing and explaining keys. */
export const keyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'keys',
    summary:
      'Keys, a page at a time. Pages without a match are skipped for half a second; then a page may be empty although more follow.',
    query: [
      {
        name: 'pattern',
        description: '* matches any number of characters, ? matches one.',
        schema: { ...string, maxLength: maxPatternLength },
      },
      { name: 'cursor', description: 'The cursor of the previous page.', schema: string },
      {
        name: 'limit',
        description: 'Approximate number of keys scanned.',
        schema: { type: 'integer', minimum: 1, maximum: maxPageSize, default: 100 },
      },
      namespaceParameter,
    ],
    response: objectOf({
      keys: arrayOf(objectOf({ namespace: arrayOf(string), key: string })),
      'cursor?': string,
    }),
    async handleRequest(request) {
      const { query } = request
      const limit = readInteger(query, 'limit', { min: 1, max: maxPageSize, defaultValue: 100 })
      const pattern = readPattern(query.get('pattern') ?? '*')
      const cursor = query.get('cursor') ?? undefined
      return jsonResponse(await findPage(selectNamespace(request), { pattern, limit, cursor }))
    },
  },
  {
    method: 'GET',
    path: 'keys/{key}',
    action: 'show',
    summary: 'Why a key is a hit, stale or a miss; its value if showValues is set.',
    query: [namespaceParameter],
    response: objectOf({
      key: string,
      outcome: enumOf('hit', 'stale', 'miss'),
      'reason?': string,
      'tier?': string,
      'age?': number,
      'freshFor?': { type: ['number', 'null'] },
      tags: arrayOf(string),
      'asOf?': number,
      position: number,
      lag: { type: ['number', 'null'] },
      'invalidatedBy?': objectOf({
        scope: string,
        name: string,
        mode: string,
        'position?': number,
        'at?': dateTime,
      }),
      summary: string,
      'value?': {},
    }),
    async handleRequest(request) {
      const cache = selectNamespace(request)
      const { key = '' } = request.params
      const explanation = await cache.explain(key)
      if (explanation.reason === 'absent') throw new Problem(404, 'No entry', explanation.summary)
      if (request.options.showValues !== true) return jsonResponse(explanation)
      const namespace = request.query.getAll('namespace')
      const value = await request.performAction({ namespace, keys: [key] }, () => cache.get(key))
      return jsonResponse({ ...explanation, value: toJsonValue(value) })
    },
  },
]

/** In ms. */
const searchTime = 500

/** The next page with a match, or the last one that was searched in time. */
async function findPage(cache: Cache, options: KeysOptions): Promise<KeyPage> {
  const deadline = performance.now() + searchTime
  let page = await cache.keys(options)
  while (page.keys.length === 0 && page.cursor !== undefined && performance.now() < deadline)
    page = await cache.keys({ ...options, cursor: page.cursor })
  return page
}

/** The value as JSON represents it; as text if JSON cannot (a bigint, a circular object). */
function toJsonValue(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return String(value)
  }
}
