import type { Cache } from '@larder/core'

/** The namespace in which core records warm-ups that run in one process. */
const warmUpNamespace = /(^|\/)@larder\.warm\//

/**
 * Converts the key of an event to the key in the root of the cache; undefined for keys in a namespace. In events, a root
 * key that begins with `@` has an empty namespace before it.
 */
export function toRootKey(eventKey: string): string | undefined {
  if (!eventKey.startsWith('@')) return eventKey
  return eventKey.startsWith('@/') ? eventKey.slice(2) : undefined
}

/** Calls `listener` for every read of the cache. Returns a function that stops listening. */
export function onAccess(
  cache: Pick<Cache, 'on'>,
  keyOf: (eventKey: string) => string | undefined,
  listener: (key: string, kind: 'hit' | 'stale' | 'miss') => void,
): () => void {
  const unsubscribes = (['hit', 'stale', 'miss'] as const).map((kind) =>
    cache.on(kind, (event) => {
      if (warmUpNamespace.test(event.key)) return
      const key = keyOf(event.key)
      if (key !== undefined) listener(key, kind)
    }),
  )
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
}
