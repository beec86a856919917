import type { Invalidation, LogRecord } from '../contracts/log'
import { keyOfTag } from '../entry/reserved-tags'
import { createRecentChanges } from './recent-changes'

/** What is judged: an entry, or a computation under way. */
export interface Subject {
  readonly key: string
  readonly tags: readonly string[]
  readonly asOf: number
  readonly sequence: number
}

/** `soft`: only soft invalidations came after it, so it may be served as stale. */
export type Verdict = 'valid' | 'soft' | 'dead'

/** Which invalidation ended an entry, for people. */
export interface InvalidationCause {
  readonly scope: 'tag' | 'key' | 'all'
  readonly name: string
  readonly mode: 'hard' | 'soft'
  /** Undefined while the log has not confirmed it. */
  readonly position: number | undefined
}

/** The latest invalidations of one name: confirmed positions, and own ones (by sequence) not confirmed yet. */
interface TagState {
  hard: number
  soft: number
  pendingHard: number
  pendingSoft: number
}

/** What a table needs to know about its own bounds. */
export interface TagTableOptions {
  /** Names remembered at most; beyond it the oldest are forgotten and the floor rises. */
  readonly maxNames: number
}

/**
 * One process's copy of the invalidation log, compacted: per tag, the position at which it was last invalidated.
 * A position never decreases, and forgetting anything raises the floor, so a verdict errs towards `dead` alone.
 */
export function createTagTable({ maxNames }: TagTableOptions) {
  const tags = new Map<string, TagState>()
  const keys = new Map<string, TagState>()
  const everything: TagState = unmarked()
  /** Own invalidations from before the tag graph was known. Apart from an own one of everything, which has to arrive. */
  const unseen: TagState = unmarked()
  let floor = 0
  let keysFloor = 0
  const changes = createRecentChanges()

  const isHard = (mark: TagState, subject: Subject) =>
    mark.hard > subject.asOf || mark.pendingHard > subject.sequence
  const isSoft = (mark: TagState, subject: Subject) =>
    mark.soft > subject.asOf || mark.pendingSoft > subject.sequence

  function markOf({ scope, name }: Invalidation): TagState | undefined {
    if (scope === 'all') return everything
    if (scope === 'tag') return renewed(tags, name)
    return scope === 'key' ? renewed(keys, name) : undefined
  }

  function candidateOf(tag: string): ['tag' | 'key', string, TagState | undefined] {
    const key = keyOfTag(tag)
    return key === undefined ? ['tag', tag, tags.get(tag)] : ['key', key, keys.get(key)]
  }

  /** Drops the oldest names, a share at a time so that the cost per name stays constant. */
  function forget(names: Map<string, TagState>): number {
    let raised = 0
    let left = names.size > maxNames ? Math.ceil(maxNames / 8) : 0
    for (const [name, mark] of names) {
      if (left-- <= 0) break
      if (mark.pendingHard > 0 || mark.pendingSoft > 0) continue
      raised = Math.max(raised, mark.hard, mark.soft)
      names.delete(name)
    }
    return raised
  }

  return {
    /** Its version changes with everything that could change a verdict. */
    current: changes.at,
    /** Whether what was valid in version `since` still is, because nothing that changed since concerns it. */
    isUnaffected: changes.isUnaffected,
    get floor() {
      return floor
    },
    /** What depends on single keys and is older than this may have missed an invalidation of one of them. */
    get keysFloor() {
      return keysFloor
    },
    /** The one rule: valid while `asOf >= floor` and none of the tags was invalidated after `asOf`. */
    judge(subject: Subject): Verdict {
      if (subject.asOf < floor || isHard(everything, subject) || isHard(unseen, subject)) return 'dead'
      const own = keys.size > 0 ? keys.get(subject.key) : undefined
      if (own !== undefined && isHard(own, subject)) return 'dead'
      let soft = isSoft(everything, subject) || (own !== undefined && isSoft(own, subject))
      for (const tag of subject.tags) {
        const key = keyOfTag(tag)
        if (key !== undefined && subject.asOf < keysFloor) return 'dead'
        const mark = key === undefined ? tags.get(tag) : keys.get(key)
        if (mark === undefined) continue
        if (isHard(mark, subject)) return 'dead'
        if (isSoft(mark, subject)) soft = true
      }
      return soft ? 'soft' : 'valid'
    },

    /** Which invalidation a verdict other than `valid` rests on. */
    causeOf(subject: Subject): InvalidationCause | undefined {
      const candidates: ['tag' | 'key' | 'all', string, TagState | undefined][] = [
        ['all', '', everything],
        ['all', '', unseen],
        ['key', subject.key, keys.get(subject.key)],
        ...subject.tags.map(candidateOf),
      ]
      for (const mode of ['hard', 'soft'] as const) {
        for (const [scope, name, mark] of candidates) {
          if (mark === undefined || !(mode === 'hard' ? isHard : isSoft)(mark, subject)) continue
          return { scope, name, mode, position: mark[mode] > subject.asOf ? mark[mode] : undefined }
        }
      }
      return subject.asOf < floor ? { scope: 'all', name: '', mode: 'hard', position: floor } : undefined
    },

    /** The latest position at which any of these was hard-invalidated. */
    lastHardInvalidation(key: string, tagNames: readonly string[]): number {
      return tagNames.reduce(
        (latest, tag) => Math.max(latest, tags.get(tag)?.hard ?? 0),
        Math.max(floor, everything.hard, keys.get(key)?.hard ?? 0),
      )
    },

    applyRecord(record: LogRecord): void {
      const mark = markOf(record)
      if (mark === undefined) return
      mark[record.mode] = Math.max(mark[record.mode], record.position)
      if (record.scope === 'all' && record.mode === 'hard') floor = Math.max(floor, record.position)
      const raised = Math.max(floor, forget(tags), forget(keys))
      if (raised > floor) changes.addForAll()
      else changes.add(record)
      floor = raised
    },

    /** Applies an own invalidation before the log has answered. */
    addPending(invalidation: Invalidation, sequence: number): void {
      const mark = markOf(invalidation)
      if (mark === undefined) return
      if (invalidation.mode === 'hard') mark.pendingHard = sequence
      else mark.pendingSoft = sequence
      changes.add(invalidation)
    },

    /** Ends everything up to `sequence` for as long as nobody knows what hangs below what. */
    distrustAll(sequence: number): void {
      unseen.pendingHard = sequence
      changes.addForAll()
    },

    /** The tag graph is known. */
    trustAgain(): void {
      if (unseen.pendingHard === 0) return
      unseen.pendingHard = 0
      changes.addForAll()
    },

    /** The log has confirmed what was pending up to `sequence`. A soft one does not stand for a hard one before it. */
    confirmPending(invalidation: Invalidation, sequence: number): void {
      const mark = markOf(invalidation)
      if (mark === undefined || (mark.pendingHard === 0 && mark.pendingSoft === 0)) return
      if (invalidation.mode === 'hard' && mark.pendingHard <= sequence) mark.pendingHard = 0
      if (mark.pendingSoft <= sequence) mark.pendingSoft = 0
      changes.add(invalidation)
    },

    /** Nothing is known before `position` any more. */
    raiseFloor(position: number): void {
      if (position <= floor) return
      floor = position
      changes.addForAll()
    },

    raiseKeysFloor(position: number): void {
      if (position <= keysFloor) return
      keysFloor = position
      changes.addForAll()
      for (const [key, mark] of keys) {
        if (mark.hard > keysFloor || mark.soft > keysFloor || mark.pendingHard > 0 || mark.pendingSoft > 0)
          break
        keys.delete(key)
      }
    },

    /** Everything recorded after `position`, to tell a log that has lost it. */
    listSince(position: number): Invalidation[] {
      const found: Invalidation[] = []
      const collect = (scope: 'tag' | 'key' | 'all', name: string, mark: TagState) => {
        if (mark.hard > position) found.push({ scope, mode: 'hard', name })
        if (mark.soft > position) found.push({ scope, mode: 'soft', name })
      }
      collect('all', '', everything)
      for (const [name, mark] of tags) collect('tag', name, mark)
      for (const [name, mark] of keys) collect('key', name, mark)
      return found
    },
  }
}

export type TagTable = ReturnType<typeof createTagTable>

function unmarked(): TagState {
  return { hard: 0, soft: 0, pendingHard: 0, pendingSoft: 0 }
}

/** The mark of `name`, moved to the end, so that iteration meets the longest untouched first. */
function renewed(names: Map<string, TagState>, name: string): TagState {
  const mark = names.get(name) ?? unmarked()
  names.delete(name)
  names.set(name, mark)
  return mark
}
