/** The latest invalidations of one name: log positions of confirmed ones, local sequence numbers of pending ones. */
export interface TagState {
  hard: number
  soft: number
  pendingHard: number
  pendingSoft: number
  /** Whether the name was invalidated again since it took its place in the table. */
  isRenewed: boolean
}

export function createTagState(): TagState {
  return { hard: 0, soft: 0, pendingHard: 0, pendingSoft: 0, isRenewed: false }
}

export function hasPending(state: TagState): boolean {
  return state.pendingHard > 0 || state.pendingSoft > 0
}

/** Clears pending marks up to `sequence`: a soft invalidation clears no hard one. */
export function clearPending(state: TagState, sequence: number, mode: 'hard' | 'soft' = 'hard'): void {
  if (mode === 'hard' && state.pendingHard <= sequence) state.pendingHard = 0
  if (state.pendingSoft <= sequence) state.pendingSoft = 0
}

/** The states of tags, or of keys, by name, in the order in which they took their places. */
export type TagStates = Map<string, TagState>

/**
 * The state of `name`, created if needed, which is about to be invalidated. A name keeps its place until {@link oldestNames}
 * passes it (the second chance of CLOCK): a Map walks past all former places of a key to give it another one, so that moving
 * the same few names each time would cost as much as the table is long.
 */
export function touchState(states: TagStates, name: string): TagState {
  const found = states.get(name)
  if (found !== undefined) {
    // The record of a pending invalidation arrives: that is the same one.
    if (!hasPending(found)) found.isRenewed = true
    return found
  }
  const created = createTagState()
  states.set(name, created)
  return created
}

/** The names that were not invalidated again, the oldest first. Those that were move to the end, where they come once more. */
export function* oldestNames(states: TagStates): Iterable<[string, TagState]> {
  for (const place of states) {
    const [name, state] = place
    if (!state.isRenewed) {
      yield place
      continue
    }
    state.isRenewed = false
    states.delete(name)
    states.set(name, state)
  }
}

/**
 * Drops the oldest names that have no pending invalidation, until they weigh `goal` together. Returns the latest position
 * dropped.
 */
export function dropOldest(states: TagStates, goal: number, weightOf: (name: string) => number): number {
  let lastDropped = 0
  let remaining = goal
  for (const [name, state] of oldestNames(states)) {
    if (remaining <= 0) break
    if (hasPending(state)) continue
    lastDropped = Math.max(lastDropped, state.hard, state.soft)
    states.delete(name)
    remaining -= weightOf(name)
  }
  return lastDropped
}

/** Changes the states of all names, and drops the names that are left without an invalidation. */
export function changeAll(states: TagStates, change: (state: TagState) => void): void {
  for (const [name, state] of states) {
    change(state)
    if (state.hard + state.soft === 0 && !hasPending(state)) states.delete(name)
  }
}

/**
 * Drops the oldest names, up to one that was invalidated after `position`. Returns those that were softly invalidated last, with
 * the positions: entries may still exist that are stale by them.
 */
export function dropUpTo(states: TagStates, position: number): ReadonlyMap<string, number> {
  const softPositions = new Map<string, number>()
  for (const [name, state] of oldestNames(states)) {
    if (state.hard > position || state.soft > position || hasPending(state)) break
    if (state.soft > state.hard) softPositions.set(name, state.soft)
    states.delete(name)
  }
  return softPositions
}
