import type { Cache } from '@larder/core'

/** The cache's own namespace for warm-ups that take place once. */
const bookkeeping = /(^|\/)@larder\.warm\//

/** The key of an event as the cache at hand calls it: the root's own keys, and none of its namespaces'. */
export function rootKey(key: string): string | undefined {
  if (!key.startsWith('@')) return key
  // A key of the root that begins with `@` itself is told from a namespace by an empty name.
  return key.startsWith('@/') ? key.slice(2) : undefined
}

/** Listens to every read of the cache. Returns an end to that. */
export function onAccess(
  cache: Pick<Cache, 'on'>,
  keyOf: (key: string) => string | undefined,
  listener: (key: string, kind: 'hit' | 'stale' | 'miss') => void,
): () => void {
  const ends = (['hit', 'stale', 'miss'] as const).map((kind) =>
    cache.on(kind, (event) => {
      if (bookkeeping.test(event.key)) return
      const key = keyOf(event.key)
      if (key !== undefined) listener(key, kind)
    }),
  )
  return () => {
    for (const end of ends) end()
  }
}
