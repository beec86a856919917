import type { Term } from '../contracts/log'
import { keyOfTag } from '../entry/reserved-tags'
import { createTagState, type TagState, type TagStates } from './tag-states'

/** An entry, or a computation in flight, whose validity is judged. */
export interface Subject {
  readonly key: string
  readonly tags: readonly string[]
  readonly asOf: number
  /** The term of the log that `asOf` belongs to. */
  readonly term: number
  readonly sequence: number
}

/** `soft`: only soft invalidations apply, so the entry may be served as stale. */
export type Verdict = 'valid' | 'soft' | 'dead'

/** The invalidation that a verdict other than `valid` rests on. */
export interface InvalidationCause {
  readonly scope: 'tag' | 'key' | 'all'
  readonly name: string
  readonly mode: 'hard' | 'soft'
  /** Undefined until the log has confirmed the invalidation. */
  readonly position: number | undefined
}

/** Everything that decides whether a subject is valid. */
export interface Invalidations {
  readonly tags: TagStates
  readonly keys: TagStates
  readonly everything: TagState
  /**
   * Pending invalidations issued before the tag graph was known. Kept apart from `everything`, whose pending invalidations
   * have to reach the log.
   */
  readonly beforeGraph: TagState
  /** Invalidations before this position are unknown: older subjects are dead. */
  floor: number
  /** Key invalidations before this position are unknown: older subjects that depend on keys are dead. */
  keysFloor: number
  /** The history that positions are judged in. */
  readonly followedTerms: FollowedTerms
}

export function createInvalidations(): Invalidations {
  return {
    tags: new Map(),
    keys: new Map(),
    everything: createTagState(),
    beforeGraph: createTagState(),
    floor: 0,
    keysFloor: 0,
    followedTerms: createFollowedTerms(),
  }
}

const isHard = (state: TagState, subject: Subject) =>
  state.hard > subject.asOf || state.pendingHard > subject.sequence
const isSoft = (state: TagState, subject: Subject) =>
  state.soft > subject.asOf || state.pendingSoft > subject.sequence

/**
 * The one rule: valid while `asOf` belongs to the history that is followed here, `asOf >= floor`, and none of the tags was
 * invalidated after `asOf`.
 */
export function judge(invalidations: Invalidations, subject: Subject): Verdict {
  const { tags, keys, everything, beforeGraph, floor, keysFloor, followedTerms } = invalidations
  if (!followedTerms.contains(subject.term, subject.asOf)) return 'dead'
  if (subject.asOf < floor || isHard(everything, subject) || isHard(beforeGraph, subject)) return 'dead'
  const keyState = keys.size > 0 ? keys.get(subject.key) : undefined
  if (keyState !== undefined && isHard(keyState, subject)) return 'dead'
  let soft = isSoft(everything, subject) || (keyState !== undefined && isSoft(keyState, subject))
  for (const tag of subject.tags) {
    const key = keyOfTag(tag)
    if (key !== undefined && subject.asOf < keysFloor) return 'dead'
    const state = key === undefined ? tags.get(tag) : keys.get(key)
    if (state === undefined) continue
    if (isHard(state, subject)) return 'dead'
    if (isSoft(state, subject)) soft = true
  }
  return soft ? 'soft' : 'valid'
}

type Candidate = readonly [scope: 'tag' | 'key' | 'all', name: string, state: TagState | undefined]

/** The invalidation behind a verdict other than `valid`; a hard one takes precedence over a soft one. */
export function findCause(invalidations: Invalidations, subject: Subject): InvalidationCause | undefined {
  const { everything, beforeGraph, floor, followedTerms } = invalidations
  const candidates: Candidate[] = [
    ['all', '', everything],
    ['all', '', beforeGraph],
    keyCandidate(invalidations, subject.key),
    ...subject.tags.map((tag) => tagCandidate(invalidations, tag)),
  ]
  for (const mode of ['hard', 'soft'] as const) {
    for (const [scope, name, state] of candidates) {
      if (state === undefined || !(mode === 'hard' ? isHard : isSoft)(state, subject)) continue
      return { scope, name, mode, position: state[mode] > subject.asOf ? state[mode] : undefined }
    }
  }
  if (!followedTerms.contains(subject.term, subject.asOf))
    return { scope: 'all', name: '', mode: 'hard', position: undefined }
  return subject.asOf < floor ? { scope: 'all', name: '', mode: 'hard', position: floor } : undefined
}

function keyCandidate({ keys }: Invalidations, key: string): Candidate {
  return ['key', key, keys.get(key)]
}

function tagCandidate(invalidations: Invalidations, tag: string): Candidate {
  const key = keyOfTag(tag)
  return key === undefined ? ['tag', tag, invalidations.tags.get(tag)] : keyCandidate(invalidations, key)
}

/** Terms of other histories that are remembered. */
const maxForeignTerms = 100

/**
 * The history that this process follows, for judging entries: an entry's position means something in its own term only.
 * Before a history is followed, and with a log in this process, all entries are of one history.
 */
function createFollowedTerms() {
  /** Where each term ends; the last one is open. */
  let endByTerm: ReadonlyMap<number, number> | undefined
  let present = 0
  const foreignTerms = new Set<number>()

  return {
    /** The term in which new entries are made. */
    get present() {
      return present
    },

    follow(terms: readonly Term[]): void {
      endByTerm = new Map(
        terms.map(({ id }, index) => [id, terms[index + 1]?.from ?? Number.POSITIVE_INFINITY]),
      )
      present = terms.at(-1)?.id ?? 0
      foreignTerms.clear()
    },

    /** Whether the position belongs to this history. */
    contains(term: number, position: number): boolean {
      if (term === present || endByTerm === undefined) return true
      return position <= (endByTerm.get(term) ?? Number.NEGATIVE_INFINITY)
    },

    /** Whether entries of this term can be judged. If not, it may have begun after the last sync. */
    canJudge: (term: number): boolean =>
      endByTerm === undefined || endByTerm.has(term) || foreignTerms.has(term),

    /** The term does not belong to this history: a sync has shown it. */
    noteForeignTerm(term: number): void {
      if (foreignTerms.size >= maxForeignTerms) foreignTerms.clear()
      foreignTerms.add(term)
    },
  }
}

export type FollowedTerms = ReturnType<typeof createFollowedTerms>
