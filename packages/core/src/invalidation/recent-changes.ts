import type { Invalidation } from '../contracts/log'
import { tagOfKey } from '../entry/reserved-tags'
import type { Subject } from './tag-table'

/** What one version of the table is about. */
interface Change {
  readonly tag: string
  /** The key, where it is about one. */
  readonly key: string | undefined
}

/** Changes remembered: to go through more takes as long as to look up the tags of an entry. */
const capacity = 8

/**
 * What the latest versions of the tag table are about. Whoever was valid in one of these versions, and is not concerned by
 * what changed since, is valid still: most entries have nothing to do with most invalidations.
 */
export function createRecentChanges() {
  const changes: (Change | undefined)[] = new Array(capacity).fill(undefined)
  /** A plain property, because every hit looks at it. */
  const current = { version: 0 }

  function add(change: Change | undefined): void {
    current.version += 1
    changes[current.version % capacity] = change
  }

  return {
    at: current,

    /** A new version, about one name or everything. */
    add({ scope, name }: Pick<Invalidation, 'scope' | 'name'>): void {
      if (scope === 'key') add({ tag: tagOfKey(name), key: name })
      else add(scope === 'tag' ? { tag: name, key: undefined } : undefined)
    },

    /** A new version that may concern everybody. */
    addForAll: () => add(undefined),

    /** Whether nothing that changed after version `since` concerns the subject. */
    isUnaffected({ key, tags }: Pick<Subject, 'key' | 'tags'>, since: number): boolean {
      const { version } = current
      if (since < 0 || version - since > capacity) return false
      for (let next = since + 1; next <= version; next += 1) {
        const change = changes[next % capacity]
        if (change === undefined || change.key === key || tags.includes(change.tag)) return false
      }
      return true
    },
  }
}
