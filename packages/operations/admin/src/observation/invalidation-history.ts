/** Tags that are remembered. */
const maxTags = 20_000

/** An invalidation that ended an entry. */
export interface EndedEntry {
  /** Undefined if the key itself was invalidated, or everything. */
  readonly tag: string | undefined
  /** Identifies the invalidation. */
  readonly invalidation: number
}

/** Numbers invalidations, and remembers the latest one of each tag. Of too many tags, the first that came are forgotten. */
export function createInvalidationHistory() {
  const latestByTag = new Map<string, number>()
  let count = 0

  return {
    add(tag: string): void {
      count += 1
      latestByTag.set(tag, count)
      const [first] = latestByTag.keys()
      if (latestByTag.size > maxTags && first !== undefined) latestByTag.delete(first)
    },

    /** The latest invalidation of one of the tags. */
    findLatest(tags: readonly string[]): EndedEntry {
      let latest: EndedEntry = { tag: undefined, invalidation: 0 }
      for (const tag of tags) {
        const invalidation = latestByTag.get(tag) ?? 0
        if (invalidation > latest.invalidation) latest = { tag, invalidation }
      }
      if (latest.tag !== undefined) return latest
      count += 1
      return { tag: undefined, invalidation: count }
    },
  }
}
