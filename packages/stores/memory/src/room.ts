import type { LocalEntry } from '@larder/core'

/** What a room is bounded by, and whom it tells. */
export interface RoomOptions {
  readonly maxEntries: number
  readonly maxBytes: number
  /** From 0 (included) to 1 (excluded). */
  random(): number
  /** An entry was removed to make room. */
  evicted(key: string): void
}

/** Keeps entries within its bounds: the policy decides which. */
export interface Room {
  get(key: string): LocalEntry | undefined
  /** Like `get`, without counting as a use. */
  peek(key: string): LocalEntry | undefined
  /** Keeps an entry of that many bytes, never more than the room has. */
  set(entry: LocalEntry, size: number): void
  delete(key: string): void
  count(): number
  bytes(): number
  entries(): Iterable<LocalEntry>
}
