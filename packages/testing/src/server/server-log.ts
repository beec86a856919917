import type { Appended, Cursor, Invalidation, LogMessage, LogPage, LogRecord } from '@larder/core'
import { type LogHead, type LogState, sizesOf } from './log-state'

/** Bounds of a log, and the functions of its server that it depends on. */
export interface LogSettings {
  /** The most records of each kind; above half of it, the oldest records of keys become overdue. */
  readonly maxRecords: number
  /** The age at which records of keys become overdue, in ms. */
  readonly keyRetention: number
  /** Records per page. A page is larger only if a single position has more records. */
  readonly pageSize: number
  /** Identifies the server; changes with a failover. */
  identity(): string
  /** How long the server has run, in ms on its wall clock. */
  uptime(): number
  /** Whether the server loaded an append-only file when it started. */
  hasAppendOnlyFile(): boolean
  /** The server's own wall clock, in ms. */
  now(): number
  /** Returns a value that was never returned before. */
  nextNonce(): string
}

/** How many of the latest cursors the log recognizes. */
const maxRecentCursors = 256
/** Overdue records are handed to one follower at a time, for this long, in µs. */
const handOutInterval = 2_000_000
/** The most overdue records handed out at once. */
const maxHandedOut = 256

/**
 * The invalidation log as the authority keeps it, after the design of Larder's log on Redis. Every operation first checks
 * that no part of the log was lost; after a loss, the log starts a new history whose floor is the current time.
 */
export function createServerLog(state: () => LogState, settings: LogSettings) {
  const { maxRecords, keyRetention, pageSize, nextNonce } = settings
  const nowMicros = () => Math.floor(settings.now() * 1_000)
  let recordsTouched = 0

  function saveHead(log: LogState, head: Omit<LogHead, 'sizes'>): LogHead {
    log.head = { ...head, sizes: sizesOf(log) }
    log.recent = [...log.recent, { position: head.position, nonce: head.nonce }].slice(-maxRecentCursors)
    return log.head
  }

  /** The head, after noticing a failover or a lost part. */
  function currentHead(log: LogState): LogHead {
    const { head } = log
    const keeper = settings.identity()
    if (head?.sizes === sizesOf(log) && !isRestored(head)) {
      if (head.keeper !== keeper) log.head = { ...head, keeper, tookOverAt: settings.now() }
      return log.head ?? head
    }
    const position = Math.max(nowMicros(), (log.head?.position ?? 0) + 1)
    log.tags.clear()
    log.keys.clear()
    log.recent = []
    return saveHead(log, {
      position,
      nonce: nextNonce(),
      floor: position,
      keysFloor: position,
      keeper,
      tookOverAt: 0,
      handedOutAt: 0,
    })
  }

  /** Whether the server has loaded the log from a snapshot, which may be hours old. */
  function isRestored({ keeper, position }: LogHead): boolean {
    if (keeper === settings.identity() || settings.hasAppendOnlyFile()) return false
    return position <= nowMicros() - (settings.uptime() - 1_000) * 1_000
  }

  function readPage(after: Cursor | undefined): LogPage & { position: number } {
    const log = state()
    const { position, nonce, floor, keysFloor, tookOverAt } = currentHead(log)
    const newer = [...log.tags.values(), ...log.keys.values(), ...log.links.values()]
      .filter((record) => record.position > (after?.position ?? -1))
      .sort((a, b) => a.position - b.position)
    const records = firstPage(newer, pageSize)
    recordsTouched += records.length
    const more = records.length < newer.length
    const cursor = more ? { position: records.at(-1)?.position ?? 0, nonce: '' } : { position, nonce }
    return {
      cursor,
      records,
      floor,
      keysFloor,
      known: isKnownCursor(log, after),
      more,
      now: settings.now(),
      tookOverAt,
      overdue: [],
      position,
    }
  }

  function writeRecords(
    invalidations: readonly Invalidation[],
    lost: { readonly position: number; readonly window: number },
  ): LogMessage {
    const log = state()
    const previous = currentHead(log)
    const position = Math.max(previous.position + 1, nowMicros(), lost.position + 1)
    const cursor = { position, nonce: nextNonce() }
    const doubtful = recordsInDoubt(log, lost)
    for (const record of doubtful) putRecord(log, { ...record, position })
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    recordsTouched += doubtful.length + records.length
    for (const record of records) putRecord(log, record)
    const isCleared = records.some(({ scope, mode }) => scope === 'all' && mode === 'hard')
    const floor = isCleared ? position : previous.floor
    saveHead(log, { ...previous, ...cursor, floor: Math.max(floor, trimPart(log.tags), trimPart(log.keys)) })
    return { previous: { position: previous.position, nonce: previous.nonce }, cursor, records }
  }

  /** Drops the oldest records above `maxRecords`. Returns the highest position dropped, 0 if none was. */
  function trimPart(part: Map<string, LogRecord>): number {
    const surplus = part.size - maxRecords
    if (surplus <= 0) return 0
    const oldest = [...part].sort(([, a], [, b]) => a.position - b.position).slice(0, surplus)
    for (const [name] of oldest) part.delete(name)
    return oldest.at(-1)?.[1].position ?? 0
  }

  /** Records of keys that are too old or too many. Empty while another follower takes care of them. */
  function handOutOverdue(): readonly LogRecord[] {
    const log = state()
    const head = currentHead(log)
    if (Math.abs(nowMicros() - head.handedOutAt) < handOutInterval) return []
    const surplus = log.keys.size - maxRecords / 2
    const oldest = [...log.keys.values()].sort((a, b) => a.position - b.position)
    const isOverdue = ({ position }: LogRecord, index: number) =>
      index < surplus || position <= nowMicros() - keyRetention * 1_000
    const firstKept = oldest.findIndex((record, index) => index >= maxHandedOut || !isOverdue(record, index))
    const overdue = recordsBefore(oldest, firstKept === -1 ? undefined : oldest[firstKept])
    if (overdue.length > 0) log.head = { ...head, handedOutAt: nowMicros() }
    return overdue
  }

  function forgetKeys(records: readonly LogRecord[]): void {
    const log = state()
    const head = currentHead(log)
    for (const record of records)
      if (log.keys.get(nameOf(record))?.position === record.position) log.keys.delete(nameOf(record))
    const keysFloor = Math.max(head.keysFloor, ...records.map(({ position }) => position))
    saveHead(log, { ...head, keysFloor, handedOutAt: 0 })
  }

  return {
    get recordsTouched() {
      return recordsTouched
    },
    sync: (after: Cursor | undefined): LogPage => ({ ...readPage(after), overdue: handOutOverdue() }),
    forgetKeys,
    append(invalidations: readonly Invalidation[], after: Cursor | undefined): [Appended, LogMessage] {
      const message = writeRecords(invalidations, { position: 0, window: 0 })
      return [{ ...readPage(after), position: message.cursor.position }, message]
    },
    reissue(invalidations: readonly Invalidation[], lost: Cursor, window: number): [Appended, LogMessage] {
      const message = writeRecords(invalidations, { position: lost.position, window: window * 1_000 })
      return [{ ...readPage(undefined), position: message.cursor.position }, message]
    },
  }
}

/** The records of one page. Records that share a position are never split over two pages. */
function firstPage(records: readonly LogRecord[], size: number): readonly LogRecord[] {
  const whole = recordsBefore(records, records[size])
  return whole.length > 0 ? whole : records.filter(({ position }) => position === records[0]?.position)
}

/** The records at positions before that of `cut`; all of them if `cut` is undefined. */
function recordsBefore(records: readonly LogRecord[], cut: LogRecord | undefined): readonly LogRecord[] {
  return cut === undefined ? records : records.filter(({ position }) => position < cut.position)
}

/** A cursor between two pages has no nonce and is accepted without a check. */
function isKnownCursor(log: LogState, after: Cursor | undefined): boolean {
  if (after === undefined || after.nonce === '') return true
  return log.recent.some(({ position, nonce }) => position === after.position && nonce === after.nonce)
}

/** Records within `window` µs before a lost position, which followers of the lost branch may not have seen. */
function recordsInDoubt(
  log: LogState,
  { position: lost, window }: { position: number; window: number },
): LogRecord[] {
  return [...log.tags.values(), ...log.keys.values(), ...log.links.values()].filter(
    ({ position }) => position > lost - window && position <= lost,
  )
}

function putRecord(log: LogState, record: LogRecord): void {
  const { scope, mode, name } = record
  if (scope === 'link') log.keys.delete(`unlink hard ${name}`)
  if (scope === 'unlink') log.links.delete(`link hard ${name}`)
  if (scope === 'all' && mode === 'hard') log.tags.clear()
  const part = scope === 'link' ? log.links : scope === 'key' || scope === 'unlink' ? log.keys : log.tags
  part.set(nameOf(record), record)
}

function nameOf({ scope, mode, name }: LogRecord): string {
  return `${scope} ${mode} ${name}`
}
