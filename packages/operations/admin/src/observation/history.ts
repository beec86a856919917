import type { Cache, Invalidation } from '@larder/core'
import { createRing } from './ring'

/** An invalidation, as people read of it. */
export interface HistoryItem {
  readonly at: Date
  /** Whether this process made it. Another one's, or a repetition of its own, comes from the log. */
  readonly from: 'here' | 'log'
  readonly scope: Invalidation['scope']
  readonly mode: Invalidation['mode']
  readonly name: string
  /** From the log to here, in ms. */
  readonly delay?: number | undefined
  readonly outcome?: 'applied' | 'queued' | undefined
}

/** Remembers the last invalidations that this process made or heard of. */
export function createHistory(cache: Cache, capacity: number) {
  const ring = createRing<HistoryItem>(capacity)
  const listeners = new Set<(item: HistoryItem) => void>()

  function add(item: HistoryItem): void {
    ring.add(item)
    for (const listener of listeners) listener(item)
  }

  cache.on('invalidate', ({ scope, mode, names, outcome }) => {
    for (const name of names)
      add({ at: new Date(), from: 'here', scope, mode, name: readable(name), outcome })
  })
  cache.on('apply', ({ delay, invalidations }) => {
    for (const { scope, mode, name } of invalidations)
      add({ at: new Date(), from: 'log', scope, mode, name: readable(name), delay })
  })

  return {
    newest: (count: number) => ring.newest().slice(0, count),
    /** Tells of each one from now on. Returns an end to that. */
    follow(listener: (item: HistoryItem) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export type History = ReturnType<typeof createHistory>

/** Larder's own names begin with a control character that says what they are; the two of a link stand around another. */
const marks: Readonly<Record<number, string>> = { 0: ' → ', 1: 'namespace ', 2: 'key ' }

function readable(name: string): string {
  return Array.from(name, (character) => marks[character.charCodeAt(0)] ?? character).join('')
}
