/** The reference model of a cache, for {@link cacheCommands}: a Map with TTLs, tags and links. */
export interface CacheModel {
  /** The model's time, in ms. */
  now: number
  get(key: string): unknown
  set(key: string, value: unknown, ttl: number, tags: readonly string[]): void
  touch(key: string, ttl: number): boolean
  delete(key: string): void
  invalidate(tag: string): void
  link(child: string, parent: string): void
  clear(): void
}

interface ModelEntry {
  readonly value: unknown
  readonly freshUntil: number
  /** Its tags and all their ancestors at the time it was stored. */
  readonly tags: ReadonlySet<string>
}

/** Creates an empty model. */
export function cacheModel(): CacheModel {
  const entries = new Map<string, ModelEntry>()
  const parents = new Map<string, Set<string>>()

  const freshEntry = (key: string) => {
    const entry = entries.get(key)
    return entry !== undefined && entry.freshUntil > model.now ? entry : undefined
  }
  function withAncestors(tags: readonly string[]): Set<string> {
    const found = new Set(tags)
    for (const tag of found) {
      if (tag.includes(':')) found.add(tag.slice(0, tag.lastIndexOf(':')))
      for (const parent of parents.get(tag) ?? []) found.add(parent)
    }
    return found
  }

  const model: CacheModel = {
    now: 0,
    get: (key) => freshEntry(key)?.value,
    set: (key, value, ttl, tags) =>
      void entries.set(key, { value, freshUntil: model.now + ttl, tags: withAncestors(tags) }),
    touch(key, ttl) {
      const entry = freshEntry(key)
      if (entry !== undefined) entries.set(key, { ...entry, freshUntil: model.now + ttl })
      return entry !== undefined
    },
    delete: (key) => void entries.delete(key),
    invalidate(tag) {
      for (const [key, { tags }] of entries) if (tags.has(tag)) entries.delete(key)
    },
    link(child, parent) {
      parents.set(child, (parents.get(child) ?? new Set()).add(parent))
      model.invalidate(child)
    },
    clear: () => entries.clear(),
  }
  return model
}
