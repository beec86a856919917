import type { Invalidation } from '../contracts/log'
import { tagOfKey } from '../entry/reserved-tags'

/** A change of the tag table that concerns one name. */
interface Change {
  readonly tag: string
  /** Set if the change concerns a key. */
  readonly key: string | undefined
}

/** Changes remembered. Checking more of them would take as long as looking up the tags of an entry. */
const capacity = 8

/**
 * The last eight changes of the tag table. An entry that was valid at version N is still valid if none of the changes
 * after N touches its tags: most entries have nothing to do with most invalidations.
 */
export function createRecentChanges() {
  const changes: (Change | undefined)[] = new Array(capacity).fill(undefined)
  /** A plain property, because every hit reads it. */
  const current = { version: 0 }

  function addChange(change: Change | undefined): void {
    current.version += 1
    changes[current.version % capacity] = change
  }

  return {
    current,

    /** A new version, for a change of one name or of everything. */
    add({ scope, name }: Pick<Invalidation, 'scope' | 'name'>): void {
      if (scope === 'key') addChange({ tag: tagOfKey(name), key: name })
      else addChange(scope === 'tag' ? { tag: name, key: undefined } : undefined)
    },

    /** A new version that may concern every entry. */
    addForAll: () => addChange(undefined),

    /** Whether no change after version `since` concerns an entry with this key and these tags. */
    isUnaffected(
      { key, tags }: { readonly key: string; readonly tags: readonly string[] },
      since: number,
    ): boolean {
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
