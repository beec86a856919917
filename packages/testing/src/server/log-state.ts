import type { Cursor, LogRecord, Term } from '@larder/core'

/** The log of one cache on a server, in parts that can be lost separately, as keys of Redis can. */
export interface LogState {
  head: LogHead | undefined
  readonly tags: Map<string, LogRecord>
  readonly keys: Map<string, LogRecord>
  readonly links: Map<string, LogRecord>
}

/** The latest position, the positions below which records were dropped, and the past of the log. */
export interface LogHead {
  /** Identifies the log. A loss of its head or of a part begins another one. */
  readonly log: number
  readonly position: number
  readonly floor: number
  readonly keysFloor: number
  /** Record counts of the parts. A different count means that a part was lost. */
  readonly sizes: string
  /** The servers that kept the log; the last one is the present. */
  readonly terms: readonly Term[]
  /** Parts of lost histories that were reissued completely. */
  readonly reissued: readonly Cursor[]
  /** When the present server took over the log, in ms on its clock; 0 if it always had it. */
  readonly tookOverAt: number
  /** When the log was last used, to about a second, in ms on the server's clock. */
  readonly beat: number
  /** When overdue records were last handed out, in µs. */
  readonly handedOutAt: number
}

/** A part that can be lost alone. */
export type LogPart = keyof LogState
export const logParts: readonly LogPart[] = ['head', 'tags', 'keys', 'links']

export function emptyLog(): LogState {
  return { head: undefined, tags: new Map(), keys: new Map(), links: new Map() }
}

export function copyLog({ head, tags, keys, links }: LogState): LogState {
  return { head, tags: new Map(tags), keys: new Map(keys), links: new Map(links) }
}

/** Loses one part, as an eviction of one Redis key does. */
export function losePart(state: LogState, part: LogPart): void {
  if (part === 'head') state.head = undefined
  else state[part].clear()
}

export function sizesOf({ tags, keys, links }: LogState): string {
  return `${tags.size} ${keys.size} ${links.size}`
}

/** All records, in order of position. */
export function listRecords({ tags, keys, links }: LogState): LogRecord[] {
  return [...tags.values(), ...keys.values(), ...links.values()].sort((a, b) => a.position - b.position)
}

export function putRecord(log: LogState, record: LogRecord): void {
  const { scope, mode, name } = record
  if (scope === 'link') log.keys.delete(`unlink hard ${name}`)
  if (scope === 'unlink') log.links.delete(`link hard ${name}`)
  if (scope === 'all' && mode === 'hard') log.tags.clear()
  const part = scope === 'link' ? log.links : scope === 'key' || scope === 'unlink' ? log.keys : log.tags
  part.set(recordName(record), record)
}

/** The name of a record within its part. */
export function recordName({ scope, mode, name }: LogRecord): string {
  return `${scope} ${mode} ${name}`
}

/** The term of the server that keeps the log now. */
export const presentTerm = (terms: LogHead['terms']): number => terms.at(-1)?.id ?? 0
