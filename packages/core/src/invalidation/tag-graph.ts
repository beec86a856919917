import type { Invalidation, LogRecord } from '../contracts/log'
import { isUserTag } from '../entry/reserved-tags'
import { LarderError } from '../errors'
import { averageLength } from './name-limit'
import { parentBySegment } from './tag-hierarchy'

/** Structure and bounds of the tag graph. */
interface TagGraphOptions {
  /** Separates the segments of hierarchical tags (`jobs` is the parent of `jobs:42`); empty for none. */
  readonly separator: string
  /** Maximum tags of an entry, including ancestors. */
  readonly maxClosure: number
  /** Maximum links in the graph, of two tags of 128 characters on average. */
  readonly maxLinks: number
}

/** A change of the graph: an edge that is made or removed. */
export interface LinkChange {
  readonly change: 'link' | 'unlink'
  readonly child: string
  readonly parent: string
}

/** The parents of each tag, each with the log position of its link. */
type ParentsByTag = Map<string, Map<string, number>>

const noTags: readonly string[] = []

/**
 * The parents of each tag: invalidating a parent invalidates its children. Entries store the closure of their tags, so
 * invalidating a parent takes one record, however many descendants it has.
 */
export function createTagGraph({ separator, maxClosure, maxLinks }: TagGraphOptions) {
  const parents: ParentsByTag = new Map()
  let linkCount = 0
  /** The length of all tags that are linked. */
  let characters = 0

  /** The parent by segments of the tag itself, then the linked parents. */
  function parentsOf(tag: string): readonly string[] {
    const own = ownParentsOf(tag, separator)
    const linked = linkCount === 0 ? undefined : parents.get(tag)
    return linked === undefined ? own : [...own, ...linked.keys()]
  }

  return {
    /**
     * The tags with all their ancestors.
     * @throws LarderError `TAG_GRAPH_TOO_LARGE` beyond `maxClosure`.
     */
    closureOf(tags: readonly string[]): readonly string[] {
      if (tags.length === 0) return noTags
      const closure = findClosure(tags, parentsOf)
      if (closure.size <= maxClosure) return [...closure]
      throw closureTooLarge(closure.size, maxClosure)
    },

    /**
     * Rejects a link that would close a cycle, given changes that wait for a commit. A cycle made by two processes
     * concurrently does no harm: a closure is a set.
     * @throws LarderError `TAG_CYCLE` showing the cycle, or `TAG_GRAPH_TOO_LARGE`.
     */
    checkLink(child: string, parent: string, waiting: readonly LinkChange[] = []): void {
      const path = findPath(parent, child, (tag) => applyChanges(tag, parentsOf(tag), waiting))
      if (path !== undefined) throw cycleError(child, parent, path)
      const added = waiting.filter(({ change }) => change === 'link')
      const length = added.reduce((sum, link) => sum + lengthOfLink(link.child, link.parent), characters)
      const hasRoom = linkCount + added.length < maxLinks && length < maxLinks * 2 * averageLength
      if (hasRoom || parents.get(child)?.has(parent)) return
      throw tooManyLinks(maxLinks)
    },

    /** Links the tags at a position of the log; at 0, if the log has not answered yet. Returns whether the graph changed. */
    link(child: string, parent: string, position = 0): boolean {
      const known = parents.get(child) ?? new Map<string, number>()
      const linkedAt = known.get(parent)
      parents.set(child, known.set(parent, Math.max(linkedAt ?? 0, position)))
      if (linkedAt !== undefined) return false
      linkCount += 1
      characters += lengthOfLink(child, parent)
      return true
    },

    /**
     * Removes a link that was made up to a position of the log; the default is now. Pages and pushes overtake each other: the
     * record of an earlier removal may arrive after that of the link. Returns whether the graph changed.
     */
    unlink(child: string, parent: string, position = Number.POSITIVE_INFINITY): boolean {
      const known = parents.get(child)
      const linkedAt = known?.get(parent)
      if (known === undefined || linkedAt === undefined || linkedAt > position) return false
      known.delete(parent)
      if (known.size === 0) parents.delete(child)
      linkCount -= 1
      characters -= lengthOfLink(child, parent)
      return true
    },

    /** Every link made after `position`, for people, tools, and logs that have lost them. @defaultValue all links */
    listLinks: (position = -1) => linksAfter(parents, position),
  }
}

export type TagGraph = ReturnType<typeof createTagGraph>

/** The parent by segments. The names in reserved tags have no segments. */
function ownParentsOf(tag: string, separator: string): readonly string[] {
  const parent = isUserTag(tag) ? parentBySegment(tag, separator) : undefined
  return parent === undefined ? noTags : [parent]
}

function findClosure(
  tags: readonly string[],
  parentsOf: (tag: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(tags)
  for (const tag of found) for (const parent of parentsOf(tag)) found.add(parent)
  return found
}

const lengthOfLink = (child: string, parent: string) => child.length + parent.length

function* linksAfter(
  parents: ParentsByTag,
  position: number,
): Iterable<{ readonly child: string; readonly parent: string }> {
  for (const [child, known] of parents)
    for (const [parent, linkedAt] of known) if (linkedAt > position) yield { child, parent }
}

/** Whether the invalidation changes an edge of the tag graph. */
export const isLinkChange = ({ scope }: Pick<Invalidation, 'scope'>) => scope === 'link' || scope === 'unlink'

/** The record of an edge of the tag graph. */
export function linkRecord(scope: 'link' | 'unlink', child: string, parent: string): Invalidation {
  return { scope, mode: 'hard', name: `${child}\u0000${parent}` }
}

/** Applies the record of an edge to the graph. Returns whether the record was one. */
export function applyLinkRecord(graph: TagGraph, record: LogRecord): boolean {
  if (!isLinkChange(record)) return false
  const { scope, name, position } = record
  const [child = '', parent = ''] = name.split('\u0000')
  if (scope === 'link') graph.link(child, parent, position)
  else graph.unlink(child, parent, position)
  return true
}

/** The parents of a tag after changes of the graph. */
function applyChanges(
  tag: string,
  parents: readonly string[],
  changes: readonly LinkChange[],
): readonly string[] {
  const changed = new Set(parents)
  for (const { change, child, parent } of changes) {
    if (child !== tag) continue
    if (change === 'link') changed.add(parent)
    else changed.delete(parent)
  }
  return [...changed]
}

/** The shortest path from `from` up to `to`, if there is one. A loop, because a chain may be longer than the stack is deep. */
function findPath(
  from: string,
  to: string,
  parentsOf: (tag: string) => readonly string[],
): readonly string[] | undefined {
  const children = new Map<string, string | undefined>([[from, undefined]])
  for (const tag of children.keys()) {
    if (tag === to) return pathFrom(children, to)
    for (const parent of parentsOf(tag)) if (!children.has(parent)) children.set(parent, tag)
  }
  return undefined
}

/** Follows the children of a tag down to the one that has none, and returns the way up. */
function pathFrom(children: ReadonlyMap<string, string | undefined>, top: string): readonly string[] {
  const path: string[] = []
  for (let tag: string | undefined = top; tag !== undefined; tag = children.get(tag)) path.push(tag)
  return path.reverse()
}

function closureTooLarge(size: number, maxClosure: number): LarderError {
  return new LarderError(
    'TAG_GRAPH_TOO_LARGE',
    `An entry would carry ${size} tags with their ancestors; at most ${maxClosure} are allowed (maxTagsPerEntry). Use a common parent tag instead.`,
  )
}

/** Tags at each end of a long cycle that the message shows. */
const shownTags = 5

function cycleError(child: string, parent: string, path: readonly string[]): LarderError {
  const tags = [child, ...path]
  const shown =
    tags.length <= 2 * shownTags ? tags : [...tags.slice(0, shownTags), '…', ...tags.slice(-shownTags)]
  const cycle = shown.join(' → ')
  return new LarderError('TAG_CYCLE', `link('${child}', '${parent}') would close a cycle: ${cycle}.`)
}

function tooManyLinks(maxLinks: number): LarderError {
  return new LarderError(
    'TAG_GRAPH_TOO_LARGE',
    `The tag graph is full: it may hold ${maxLinks} links (maxTagLinks), or fewer between longer tags.`,
  )
}
