import type { Cache, Invalidation } from '@larder/core'
import { createRingBuffer } from './ring-buffer'

/** An invalidation, with its name in a form for people. */
interface HistoryItem {
  readonly at: Date
  /** `here`: made by this process. `log`: received from the log, including this process's own. */
  readonly from: 'here' | 'log'
  readonly scope: Invalidation['scope']
  readonly mode: Invalidation['mode']
  readonly name: string
  /** Time from the log to this process, in ms. */
  readonly delay?: number | undefined
  readonly outcome?: 'applied' | 'queued' | undefined
}

export interface History {
  /** The latest items, the newest first. */
  listNewest(limit: number): HistoryItem[]
  /** Calls `listener` with each new item. Returns a function that stops it. */
  subscribe(listener: (item: HistoryItem) => void): () => void
}

/** Remembers the latest invalidations that this process made or received. */
export function createHistory(cache: Cache, capacity: number): History {
  const items = createRingBuffer<HistoryItem>(capacity)
  const listeners = new Set<(item: HistoryItem) => void>()

  function addItem(item: HistoryItem): void {
    items.push(item)
    for (const listener of listeners) listener(item)
  }

  cache.on('invalidate', ({ scope, mode, names, outcome }) => {
    for (const name of names)
      addItem({ at: new Date(), from: 'here', scope, mode, name: formatName(name), outcome })
  })
  cache.on('apply', ({ delay, invalidations }) => {
    for (const { scope, mode, name } of invalidations)
      addItem({ at: new Date(), from: 'log', scope, mode, name: formatName(name), delay })
  })

  return {
    listNewest: (limit) => items.newestFirst().slice(0, limit),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Internal names contain control characters: between the tags of a link, before a namespace, and before a key. */
const marks: Readonly<Record<number, string>> = { 0: ' → ', 1: 'namespace ', 2: 'key ' }

function formatName(name: string): string {
  return Array.from(name, (character) => marks[character.charCodeAt(0)] ?? character).join('')
}
