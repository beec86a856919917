import { type Cache, checkTag } from '@larder/core'
import { readChoice, readStrings, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import { arrayOf, boolean, enumOf, number, objectOf, string } from '../openapi/schema'
import { maxPageSize, maxPatternLength, namespaceParameter, readPattern, selectNamespace } from './keys'

const maxNames = 500
const maxPatterns = 10
/** Keys that the patterns of one request may match. */
const maxMatches = 10_000

/** Invalidation by key, tag or pattern. */
export const invalidateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'invalidate',
    action: 'invalidate',
    summary: 'Invalidates entries by key, by tag, or by a pattern of keys.',
    query: [namespaceParameter],
    body: objectOf({
      'keys?': { ...arrayOf(string), maxItems: maxNames },
      'tags?': { ...arrayOf(string), maxItems: maxNames },
      'patterns?': { ...arrayOf({ ...string, maxLength: maxPatternLength }), maxItems: maxPatterns },
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
  const targets = readTargets(await request.readBody())
  const cache = selectNamespace(request)
  const namespace = request.query.getAll('namespace')
  return jsonResponse(
    await request.performAction({ namespace, ...targets }, () => invalidateTargets(cache, targets)),
  )
}

interface InvalidationTargets {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly patterns: readonly string[]
  readonly mode: 'hard' | 'soft'
}

/** Checks the whole body before anything is invalidated. @throws Problem 400; LarderError `BAD_TAG`. */
function readTargets(body: Readonly<Record<string, unknown>>): InvalidationTargets {
  rejectUnknownFields(body, ['keys', 'tags', 'patterns', 'mode'])
  const keys = readStrings(body, 'keys', maxNames)
  const tags = readStrings(body, 'tags', maxNames)
  const patterns = readStrings(body, 'patterns', maxPatterns).map(readPattern)
  const mode = readChoice(body, 'mode', ['hard', 'soft'])
  if (keys.length + tags.length + patterns.length === 0)
    throw new Problem(400, 'Nothing named', 'Give keys, tags or patterns to invalidate.')
  for (const tag of tags) checkTag(tag)
  return { keys, tags, patterns, mode }
}

async function invalidateTargets(cache: Cache, { keys, tags, patterns, mode }: InvalidationTargets) {
  const matches = await findMatchingKeys(cache, patterns)
  const allKeys = [...new Set([...keys, ...matches.keys])]
  const results = [
    allKeys.length > 0 ? await cache.deleteMany(allKeys, { mode }) : undefined,
    tags.length > 0 ? await cache.invalidate(tags, { mode }) : undefined,
  ].filter((result) => result !== undefined)
  return {
    outcome: results.every(({ outcome }) => outcome === 'applied') ? 'applied' : 'queued',
    token: results.at(-1)?.token,
    keys: allKeys.length,
    remaining: matches.isTruncated || undefined,
  }
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
