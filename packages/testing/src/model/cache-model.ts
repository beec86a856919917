/** What a cache must do, without anything that makes it fast or shared: the measure for {@link cacheCommands}. */
export interface CacheModel {
  /** In ms. */
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
  /** With everything above its own tags at the time it was stored. */
  readonly tags: ReadonlySet<string>
}

/** Makes an empty model. */
export function cacheModel(): CacheModel {
  const entries = new Map<string, ModelEntry>()
  const parents = new Map<string, Set<string>>()

  const fresh = (key: string) => {
    const entry = entries.get(key)
    return entry !== undefined && entry.freshUntil > model.now ? entry : undefined
  }
  function closure(tags: readonly string[]): Set<string> {
    const found = new Set(tags)
    for (const tag of found) {
      if (tag.includes(':')) found.add(tag.slice(0, tag.lastIndexOf(':')))
      for (const parent of parents.get(tag) ?? []) found.add(parent)
    }
    return found
  }

  const model: CacheModel = {
    now: 0,
    get: (key) => fresh(key)?.value,
    set: (key, value, ttl, tags) =>
      void entries.set(key, { value, freshUntil: model.now + ttl, tags: closure(tags) }),
    touch(key, ttl) {
      const entry = fresh(key)
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
