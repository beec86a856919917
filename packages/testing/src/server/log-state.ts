import type { Cursor, LogRecord } from '@larder/core'

/** What a server keeps of the log of one cache, in parts that can be lost one by one. */
export interface LogState {
  head: Head | undefined
  readonly tags: Map<string, LogRecord>
  readonly keys: Map<string, LogRecord>
  readonly links: Map<string, LogRecord>
  /** The latest cursors that were given out. */
  recent: Cursor[]
}

/** The latest position and what is known to be forgotten. */
export interface Head {
  readonly position: number
  readonly nonce: string
  readonly floor: number
  readonly keysFloor: number
  /** How many records each part holds: where it differs, something was lost. */
  readonly sizes: string
  /** The server that keeps the log, and since when, in ms on its clock; 0 if it always did. */
  readonly keeper: string
  readonly tookOverAt: number
  /** When records were last handed out to be forgotten, in µs. */
  readonly handedAt: number
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

/** Loses one part, as an eviction does. */
export function losePart(state: LogState, part: LogPart): void {
  if (part === 'head') state.head = undefined
  else if (part === 'recent') state.recent = []
  else state[part].clear()
}

export function sizesOf({ tags, keys, links }: LogState): string {
  return `${tags.size} ${keys.size} ${links.size}`
}
