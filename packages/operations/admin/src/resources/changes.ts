import type { Cache } from '@larder/core'
import { choiceIn, requireKnown, textIn, textsIn } from '../http/parameters'
import { json, Problem } from '../http/problem'
import type { Route } from '../http/route'
import { choice, list, number, object, text } from '../openapi/schema'
import { mostKeys, namespaceOf } from './keys'

const mostNames = 500
/** Keys that one request with patterns goes through at most. */
const mostMatched = 10_000
/** How long a confirmation holds, in ms. */
const confirmFor = 60_000

const names: readonly string[] = ['keys', 'tags', 'patterns', 'mode']

/** What ends entries. */
export const changeRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'invalidate',
    summary: 'Ends entries by key, by tag, or by pattern of keys.',
    query: [
      { name: 'namespace', description: 'Where keys and patterns are looked for.', schema: list(text) },
    ],
    body: object({
      'keys?': { ...list(text), maxItems: mostNames },
      'tags?': { ...list(text), maxItems: mostNames },
      'patterns?': { ...list(text), maxItems: 10 },
      'mode?': choice('hard', 'soft'),
    }),
    answer: object({
      outcome: choice('applied', 'queued'),
      'token?': text,
      keys: number,
      'remaining?': { type: 'boolean' },
    }),
    async handle(asked) {
      const body = await asked.body()
      requireKnown(body, names)
      const [keys, tags, patterns] = [
        textsIn(body, 'keys', mostNames),
        textsIn(body, 'tags', mostNames),
        textsIn(body, 'patterns', 10),
      ]
      const mode = choiceIn(body, 'mode', ['hard', 'soft'])
      if (keys.length + tags.length + patterns.length === 0)
        throw new Problem(400, 'Nothing named', 'Name what to end: keys, tags or patterns.')
      const cache = namespaceOf(asked)
      const matched = await matching(cache, patterns)
      const all = [...new Set([...keys, ...matched.keys])]
      const done = [
        all.length > 0 ? await cache.deleteMany(all, { mode }) : undefined,
        tags.length > 0 ? await cache.invalidate(tags, { mode }) : undefined,
      ].filter((one) => one !== undefined)
      asked.note('invalidate', [...keys, ...tags, ...patterns])
      const outcome = done.every((one) => one.outcome === 'applied') ? 'applied' : 'queued'
      return json({
        outcome,
        token: done.at(-1)?.token,
        keys: all.length,
        remaining: matched.isCut || undefined,
      })
    },
  },
  {
    method: 'POST',
    path: 'clear',
    summary:
      'Ends everything. The first request gets a confirmation, and the second, which repeats it within a minute, does it.',
    body: object({ 'confirm?': text }),
    answer: {
      oneOf: [
        object({ confirm: text, effect: text }),
        object({ outcome: choice('applied', 'queued'), 'token?': text }),
      ],
    },
    async handle(asked) {
      const { cache } = asked.operated
      const body = await asked.body()
      requireKnown(body, ['confirm'])
      const confirmation = textIn(body, 'confirm')
      if (confirmation === undefined)
        return json({
          confirm: confirm(cache),
          effect: `Everything in "${cache.name}" ends, in every process.`,
        })
      if (!isConfirmed(cache, confirmation))
        throw new Problem(
          409,
          'Not confirmed',
          'The confirmation is not of this cache, or older than a minute. Ask again without one.',
        )
      const done = await cache.clear()
      asked.note('clear', [])
      return json(done)
    },
  },
]

async function matching(
  cache: Cache,
  patterns: readonly string[],
): Promise<{ keys: string[]; isCut: boolean }> {
  const found: string[] = []
  for (const pattern of patterns) {
    let cursor: string | undefined
    do {
      const page = await cache.keys({ pattern, cursor, limit: mostKeys })
      // Keys of namespaces within belong to those.
      for (const { namespace, key } of page.keys) if (namespace.length === 0) found.push(key)
      if (found.length >= mostMatched) return { keys: found.slice(0, mostMatched), isCut: true }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  return { keys: found, isCut: false }
}

/** Guards against a slip, not against an attack: whoever may clear may also make one up. So any process can take it. */
function confirm({ name }: Cache): string {
  return btoa(encodeURIComponent(JSON.stringify([name, Date.now()])))
}

function isConfirmed({ name }: Cache, confirmation: string): boolean {
  try {
    const [own, at] = JSON.parse(decodeURIComponent(atob(confirmation))) as unknown[]
    return own === name && typeof at === 'number' && Math.abs(Date.now() - at) < confirmFor
  } catch {
    return false
  }
}
