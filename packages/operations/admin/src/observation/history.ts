import type { Cache } from '@larder/core'
import { listenToInvalidations, type ObservedInvalidation } from './listen-to-invalidations'
import { createRingBuffer } from './ring-buffer'

/** An invalidation, with its name in a form for people. */
interface HistoryItem extends ObservedInvalidation {
  readonly at: Date
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

  listenToInvalidations(cache, (invalidation) => {
    const item = { at: new Date(), ...invalidation, name: formatName(invalidation.name) }
    items.push(item)
    for (const listener of listeners) listener(item)
  })

  return {
    listNewest(limit) {
      const newest = items.newestFirst().slice(0, limit)
      return cache.stats().outbox > 0 ? newest : newest.map(markDelivered)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A queued item reads as applied: no invalidation waits for the log any more. */
function markDelivered(item: HistoryItem): HistoryItem {
  return item.outcome === 'queued' ? { ...item, outcome: 'applied' } : item
}

/** Internal names contain control characters: between the tags of a link, before a namespace, and before a key. */
const marks: Readonly<Record<number, string>> = { 0: ' → ', 1: 'namespace ', 2: 'key ' }

function formatName(name: string): string {
  return Array.from(name, (character) => marks[character.charCodeAt(0)] ?? character).join('')
}
