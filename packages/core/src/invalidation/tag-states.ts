/** The latest invalidations of one name: log positions of confirmed ones, local sequence numbers of pending ones. */
export interface TagState {
  hard: number
  soft: number
  pendingHard: number
  pendingSoft: number
}

export function createTagState(): TagState {
  return { hard: 0, soft: 0, pendingHard: 0, pendingSoft: 0 }
}

export function hasPending(state: TagState): boolean {
  return state.pendingHard > 0 || state.pendingSoft > 0
}

/** Clears pending marks up to `sequence`: a soft invalidation clears no hard one. */
export function clearPending(state: TagState, sequence: number, mode: 'hard' | 'soft' = 'hard'): void {
  if (mode === 'hard' && state.pendingHard <= sequence) state.pendingHard = 0
  if (state.pendingSoft <= sequence) state.pendingSoft = 0
}

/** The states of tags, or of keys, by name. Iteration meets the least recently invalidated names first. */
export type TagStates = Map<string, TagState>

/** The state of `name`, created if needed and moved to the end. */
export function touchState(states: TagStates, name: string): TagState {
  const state = states.get(name) ?? createTagState()
  states.delete(name)
  states.set(name, state)
  return state
}

/**
 * Drops the oldest names that have no pending invalidation, until they weigh `goal` together. Returns the latest position
 * dropped.
 */
export function dropOldest(states: TagStates, goal: number, weightOf: (name: string) => number): number {
  let lastDropped = 0
  let remaining = goal
  for (const [name, state] of states) {
    if (remaining <= 0) break
    if (hasPending(state)) continue
    lastDropped = Math.max(lastDropped, state.hard, state.soft)
    states.delete(name)
    remaining -= weightOf(name)
  }
  return lastDropped
}

/** Forgets the positions of all names, and keeps what is pending. */
export function forgetPositions(states: TagStates): void {
  for (const [name, state] of states) {
    if (hasPending(state)) Object.assign(state, { hard: 0, soft: 0 })
    else states.delete(name)
  }
}

/** Drops the names at the beginning that were not invalidated after `position`. */
export function dropUpTo(states: TagStates, position: number): void {
  for (const [name, state] of states) {
    if (state.hard > position || state.soft > position || hasPending(state)) break
    states.delete(name)
  }
}
