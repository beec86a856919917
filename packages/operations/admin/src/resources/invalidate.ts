import type { Cache } from '@larder/core'
import { readChoice, readStrings, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import { arrayOf, boolean, enumOf, number, objectOf, string } from '../openapi/schema'
import { maxPageSize, namespaceParameter, selectNamespace } from './keys'

const maxNames = 500
const maxPatterns = 10
/** Keys that the patterns of one request may match. */
const maxMatches = 10_000

/** Invalidation by key, tag or pattern. */
export const invalidateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'invalidate',
    summary: 'Invalidates entries by key, by tag, or by a pattern of keys.',
    query: [namespaceParameter],
    body: objectOf({
      'keys?': { ...arrayOf(string), maxItems: maxNames },
      'tags?': { ...arrayOf(string), maxItems: maxNames },
      'patterns?': { ...arrayOf(string), maxItems: maxPatterns },
      'mode?': enumOf('hard', 'soft'),
    }),
    response: objectOf({
      outcome: enumOf('applied', 'queued'),
      'token?': string,
      keys: number,
      'remaining?': boolean,
    }),
    handleRequest: invalidateEntries,
  },
]

async function invalidateEntries(request: AdminRequest): Promise<Response> {
  const body = await request.readBody()
  rejectUnknownFields(body, ['keys', 'tags', 'patterns', 'mode'])
  const keys = readStrings(body, 'keys', maxNames)
  const tags = readStrings(body, 'tags', maxNames)
  const patterns = readStrings(body, 'patterns', maxPatterns)
  const mode = readChoice(body, 'mode', ['hard', 'soft'])
  if (keys.length + tags.length + patterns.length === 0)
    throw new Problem(400, 'Nothing named', 'Give keys, tags or patterns to invalidate.')
  const cache = selectNamespace(request)
  const matches = await findMatchingKeys(cache, patterns)
  const allKeys = [...new Set([...keys, ...matches.keys])]
  const results = [
    allKeys.length > 0 ? await cache.deleteMany(allKeys, { mode }) : undefined,
    tags.length > 0 ? await cache.invalidate(tags, { mode }) : undefined,
  ].filter((result) => result !== undefined)
  request.recordAction('invalidate', [...keys, ...tags, ...patterns])
  return jsonResponse({
    outcome: results.every(({ outcome }) => outcome === 'applied') ? 'applied' : 'queued',
    token: results.at(-1)?.token,
    keys: allKeys.length,
    remaining: matches.isTruncated || undefined,
  })
}

/** Keys that match a pattern, without those in inner namespaces. */
async function findMatchingKeys(
  cache: Cache,
  patterns: readonly string[],
): Promise<{ keys: string[]; isTruncated: boolean }> {
  const matches: string[] = []
  for (const pattern of patterns) {
    let cursor: string | undefined
    do {
      const page = await cache.keys({ pattern, cursor, limit: maxPageSize })
      for (const { namespace, key } of page.keys) if (namespace.length === 0) matches.push(key)
      if (matches.length >= maxMatches) return { keys: matches.slice(0, maxMatches), isTruncated: true }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  return { keys: matches, isTruncated: false }
}
