import type { Cursor, LogRecord } from '@larder/core'

/** The log of one cache on a server, in parts that can be lost separately, as keys of Redis can. */
export interface LogState {
  head: LogHead | undefined
  readonly tags: Map<string, LogRecord>
  readonly keys: Map<string, LogRecord>
  readonly links: Map<string, LogRecord>
  /** The latest cursors that were given out. */
  recent: Cursor[]
}

/** The latest position, and the positions below which records were dropped. */
export interface LogHead {
  readonly position: number
  readonly nonce: string
  readonly floor: number
  readonly keysFloor: number
  /** Record counts of the parts. A different count means that a part was lost. */
  readonly sizes: string
  /** The server that keeps the log, and since when, in ms on its clock; 0 if there was no failover. */
  readonly keeper: string
  readonly tookOverAt: number
  /** When overdue records were last handed out, in µs. */
  readonly handedOutAt: number
}

/** A part that can be lost alone. */
export type LogPart = keyof LogState
export const logParts: readonly LogPart[] = ['head', 'tags', 'keys', 'links', 'recent']

export function emptyLog(): LogState {
  return { head: undefined, tags: new Map(), keys: new Map(), links: new Map(), recent: [] }
}

export function copyLog({ head, tags, keys, links, recent }: LogState): LogState {
  return { head, tags: new Map(tags), keys: new Map(keys), links: new Map(links), recent: [...recent] }
}

/** Loses one part, as an eviction of one Redis key does. */
export function losePart(state: LogState, part: LogPart): void {
  if (part === 'head') state.head = undefined
  else if (part === 'recent') state.recent = []
  else state[part].clear()
}

export function sizesOf({ tags, keys, links }: LogState): string {
  return `${tags.size} ${keys.size} ${links.size}`
}
