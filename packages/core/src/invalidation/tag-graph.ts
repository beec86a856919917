import type { Invalidation } from '../contracts/log'
import { LarderError } from '../errors'

/** How tags hang together. */
export interface TagGraphOptions {
  /** Separates the segments of hierarchical tags (`jobs:42` hangs below `jobs`); empty for none. */
  readonly separator: string
  /** Tags an entry may carry, ancestors included. */
  readonly maxClosure: number
  /** Links the graph may hold. */
  readonly maxLinks: number
}

const none: readonly string[] = []

/**
 * Which tags hang below which: whatever invalidates a parent invalidates its children.
 * Entries store the closure of their tags, so invalidating a parent is one record whatever hangs below.
 */
export function createTagGraph({ separator, maxClosure, maxLinks }: TagGraphOptions) {
  const parents = new Map<string, Set<string>>()
  let links = 0

  /** The tag's own segments above it, then what it was linked to. */
  function parentsOf(tag: string): readonly string[] {
    const cut = separator === '' ? -1 : tag.lastIndexOf(separator)
    const own = cut > 0 ? [tag.slice(0, cut)] : none
    const linked = links === 0 ? undefined : parents.get(tag)
    return linked === undefined ? own : [...own, ...linked]
  }

  /** The chain from `from` up to `to`, if there is one. */
  function path(from: string, to: string, seen = new Set<string>()): string[] | undefined {
    if (from === to) return [to]
    if (seen.has(from)) return undefined
    seen.add(from)
    for (const parent of parentsOf(from)) {
      const rest = path(parent, to, seen)
      if (rest !== undefined) return [from, ...rest]
    }
    return undefined
  }

  return {
    /**
     * The tags with all their ancestors.
     * @throws LarderError `TAG_GRAPH_TOO_LARGE` beyond `maxClosure`.
     */
    closureOf(tags: readonly string[]): readonly string[] {
      if (tags.length === 0) return none
      const found = new Set(tags)
      for (const tag of found) for (const parent of parentsOf(tag)) found.add(parent)
      if (found.size <= maxClosure) return [...found]
      throw new LarderError(
        'TAG_GRAPH_TOO_LARGE',
        `An entry would carry ${found.size} tags with their ancestors; at most ${maxClosure} are allowed (maxTagsPerEntry). Tag with a common parent instead.`,
      )
    },

    /**
     * Refuses a link that would close a cycle. A cycle made by two processes at once does no harm: a closure is a set.
     * @throws LarderError `TAG_CYCLE` that shows the cycle, or `TAG_GRAPH_TOO_LARGE`.
     */
    checkLink(child: string, parent: string): void {
      const cycle = path(parent, child)
      if (cycle !== undefined) {
        const shown = [child, ...cycle].join(' → ')
        throw new LarderError('TAG_CYCLE', `link('${child}', '${parent}') would close a cycle: ${shown}.`)
      }
      if (links < maxLinks || parents.get(child)?.has(parent)) return
      throw new LarderError(
        'TAG_GRAPH_TOO_LARGE',
        `The tag graph already holds ${maxLinks} links (maxTagLinks).`,
      )
    },

    /** Returns whether the graph changed. */
    link(child: string, parent: string): boolean {
      const known = parents.get(child) ?? new Set()
      if (known.has(parent)) return false
      parents.set(child, known.add(parent))
      links += 1
      return true
    },

    unlink(child: string, parent: string): boolean {
      const known = parents.get(child)
      if (known === undefined || !known.delete(parent)) return false
      if (known.size === 0) parents.delete(child)
      links -= 1
      return true
    },

    /** Every link, for people, tools, and a log that has lost them. */
    *listLinks(): Iterable<{ readonly child: string; readonly parent: string }> {
      for (const [child, known] of parents) for (const parent of known) yield { child, parent }
    },
  }
}

export type TagGraph = ReturnType<typeof createTagGraph>

/** The record of an edge of the tag graph. */
export function linkRecord(scope: 'link' | 'unlink', child: string, parent: string): Invalidation {
  return { scope, mode: 'hard', name: `${child}\u0000${parent}` }
}
