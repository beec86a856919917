import type { Invalidation, LogRecord, Term } from '../contracts/log'
import { createNameLimit } from './name-limit'
import { createRecentChanges } from './recent-changes'
import { changeAll, clearPending, dropUpTo, hasPending, type TagState, touchState } from './tag-states'
import {
  createInvalidations,
  findCause,
  type InvalidationCause,
  type Invalidations,
  judge,
  type Subject,
  type Verdict,
} from './verdict'

/** Bounds of a tag table. */
interface TagTableOptions {
  /**
   * Maximum names remembered. Beyond it, tags are merged into the tag above them; if they have none in common, the oldest are
   * dropped and the floor rises.
   */
  readonly maxNames: number
  /** Separates the segments of hierarchical tags; empty for none. */
  readonly separator: string
}

/**
 * One process's compacted copy of the invalidation log: per tag, the position of its last invalidation. Positions never
 * decrease. A name that is dropped raises the position of a tag above it, or the floor, so a verdict can err towards `dead`
 * only.
 */
export function createTagTable({ maxNames, separator }: TagTableOptions) {
  const invalidations = createInvalidations()
  const changes = createRecentChanges()
  const limitTags = createNameLimit(invalidations.tags, { maxNames, separator })
  const limitKeys = createNameLimit(invalidations.keys, { maxNames, separator: '' })

  return {
    ...createPendingInvalidations(invalidations, changes, 2 * maxNames),
    ...createHistoryChanges(invalidations, changes),
    /** Its `version` changes with every change that could affect a verdict. */
    current: changes.current,
    /** Whether a subject that was valid at version `since` still is, because no later change concerns it. */
    isUnaffected: changes.isUnaffected,
    /** Invalidations before this position are unknown. */
    get floor() {
      return invalidations.floor
    },
    /** Entries that depend on keys and are older than this may have missed a key invalidation. */
    get keysFloor() {
      return invalidations.keysFloor
    },
    followedTerms: invalidations.followedTerms,
    judge: (subject: Subject): Verdict => judge(invalidations, subject),
    causeOf: (subject: Subject): InvalidationCause | undefined => findCause(invalidations, subject),

    /** The latest position at which the key or one of the tags was hard-invalidated, or may have been. */
    lastHardInvalidation(key: string, tagNames: readonly string[]): number {
      const { tags, keys, everything, floor, keysFloor } = invalidations
      return tagNames.reduce(
        (latest, tag) => Math.max(latest, tags.get(tag)?.hard ?? 0),
        Math.max(floor, keysFloor, everything.hard, keys.get(key)?.hard ?? 0),
      )
    },

    /** The invalidations recorded after `position`, for a log that has lost them. */
    listSince: (position: number): Invalidation[] => listSince(invalidations, position),

    applyRecord(record: LogRecord): void {
      const state = stateFor(invalidations, record)
      if (state === undefined) return
      state[record.mode] = Math.max(state[record.mode], record.position)
      if (record.scope === 'all' && record.mode === 'hard')
        invalidations.floor = Math.max(invalidations.floor, record.position)
      const forgotten = (record.scope === 'key' ? limitKeys : limitTags)(record.name)
      const floor = Math.max(invalidations.floor, forgotten.floor)
      if (forgotten.isMerged || floor > invalidations.floor) changes.addForAll()
      else changes.add(record)
      invalidations.floor = floor
    },
  }
}

export type TagTable = ReturnType<typeof createTagTable>

const noKeys: ReadonlyMap<string, number> = new Map()

type RecentChanges = ReturnType<typeof createRecentChanges>

/** Changes of the log itself: its history, and the positions from which it is complete. They concern every entry. */
function createHistoryChanges(invalidations: Invalidations, changes: RecentChanges) {
  return {
    /** From now on, entries are judged in this history. */
    followTerms(terms: readonly Term[]): void {
      invalidations.followedTerms.follow(terms)
      changes.addForAll()
    },

    /** Forgets all positions: they belong to another log, and say nothing in the one that is followed now. */
    startOver(): void {
      const { tags, keys, everything } = invalidations
      const forgetPositions = (state: TagState) => void Object.assign(state, { hard: 0, soft: 0 })
      changeAll(tags, forgetPositions)
      changeAll(keys, forgetPositions)
      forgetPositions(everything)
      Object.assign(invalidations, { floor: 0, keysFloor: 0 })
      changes.addForAll()
    },

    /** Declares invalidations before `position` unknown. */
    raiseFloor(position: number): void {
      if (position <= invalidations.floor) return
      invalidations.floor = position
      changes.addForAll()
    },

    /**
     * Declares key invalidations before `position` unknown. Returns the keys whose soft invalidations are forgotten by it, with
     * their positions: entries older than these would count as fresh again.
     */
    raiseKeysFloor(position: number): ReadonlyMap<string, number> {
      if (position <= invalidations.keysFloor) return noKeys
      invalidations.keysFloor = position
      changes.addForAll()
      return dropUpTo(invalidations.keys, position)
    },
  }
}

/**
 * Invalidations of this process: in force at once, and pending until the log has confirmed them. Beyond `maxNames`, pending or
 * not, one invalidation of everything takes their place as soon as the outbox holds one.
 */
function createPendingInvalidations(invalidations: Invalidations, changes: RecentChanges, maxNames: number) {
  const { beforeGraph, everything, tags, keys } = invalidations

  return {
    addPending(invalidation: Invalidation, sequence: number): void {
      const state = stateFor(invalidations, invalidation)
      if (state === undefined) return
      if (invalidation.mode === 'hard') state.pendingHard = sequence
      else state.pendingSoft = sequence
      changes.add(invalidation)
    },

    /**
     * Clears pending marks up to `sequence`. Confirming a soft invalidation does not clear an earlier hard one. Confirming a
     * hard invalidation of everything clears the marks of all names: it was recorded after they were issued, and covers them.
     */
    confirmPending(invalidation: Invalidation, sequence: number): void {
      if (invalidation.scope === 'all' && invalidation.mode === 'hard') {
        confirmAll(invalidations, sequence)
        changes.addForAll()
        return
      }
      const state = findState(invalidations, invalidation)
      if (state === undefined || !hasPending(state)) return
      clearPending(state, sequence, invalidation.mode)
      changes.add(invalidation)
    },

    /**
     * An invalidation of everything waits for the log instead of all that was issued up to `sequence`. The names stay pending,
     * so that other entries can be served as stale while the log is away, until they take too much space.
     */
    mergePending(sequence: number): void {
      if (tags.size + keys.size <= maxNames) return
      confirmAll(invalidations, sequence)
      everything.pendingHard = Math.max(everything.pendingHard, sequence)
      changes.addForAll()
    },

    /** Treats everything up to `sequence` as invalidated, because the tag graph is not known yet. */
    distrustAll(sequence: number): void {
      beforeGraph.pendingHard = sequence
      changes.addForAll()
    },

    /** Ends `distrustAll`: the tag graph is known. */
    trustAgain(): void {
      if (beforeGraph.pendingHard === 0) return
      beforeGraph.pendingHard = 0
      changes.addForAll()
    },
  }
}

function confirmAll({ everything, tags, keys }: Invalidations, sequence: number): void {
  clearPending(everything, sequence)
  for (const states of [tags, keys]) changeAll(states, (state) => clearPending(state, sequence))
}

function stateFor(invalidations: Invalidations, { scope, name }: Invalidation): TagState | undefined {
  if (scope === 'all') return invalidations.everything
  if (scope === 'tag') return touchState(invalidations.tags, name)
  return scope === 'key' ? touchState(invalidations.keys, name) : undefined
}

/** The state of a name that was invalidated before; its place among the others stays. */
function findState(
  { tags, keys, everything }: Invalidations,
  { scope, name }: Invalidation,
): TagState | undefined {
  if (scope === 'all') return everything
  if (scope === 'tag') return tags.get(name)
  return scope === 'key' ? keys.get(name) : undefined
}

function listSince({ everything, tags, keys }: Invalidations, position: number): Invalidation[] {
  const found: Invalidation[] = []
  const addSince = (scope: 'tag' | 'key' | 'all', name: string, state: TagState) => {
    if (state.hard > position) found.push({ scope, mode: 'hard', name })
    if (state.soft > position) found.push({ scope, mode: 'soft', name })
  }
  addSince('all', '', everything)
  for (const [name, state] of tags) addSince('tag', name, state)
  for (const [name, state] of keys) addSince('key', name, state)
  return found
}
