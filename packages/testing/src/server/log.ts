import type { Appended, Cursor, Invalidation, LogMessage, LogPage, LogRecord } from '@larder/core'
import { type Head, type LogState, sizesOf } from './log-state'

/** How a log is bounded, and what it is told from outside. */
export interface LogSettings {
  /** Records of each kind at most; the oldest records of keys beyond half of it should go. */
  readonly maxRecords: number
  /** After how long records of keys should go, in ms. */
  readonly keyRetention: number
  /** Records on a page, unless one position alone has more. */
  readonly pageSize: number
  /** Who the server is: another after a failover. */
  identity(): string
  /** The server's own wall clock, in ms. */
  now(): number
  /** A mark that was never given before. */
  nonce(): string
}

/** The latest cursors that are remembered. */
const remembered = 256
/** How long one asker has to see to overdue records, in µs. */
const handing = 2_000_000
/** Overdue records handed out at a time. */
const handful = 256

/**
 * The invalidation log as the authority keeps it, after the design of Larder's log on Redis. Every operation first makes
 * sure that nothing was lost; if something was, the log begins anew with the floor at now.
 */
export function createLog(state: () => LogState, settings: LogSettings) {
  const { maxRecords, keyRetention, pageSize, nonce } = settings
  const now = () => Math.floor(settings.now() * 1_000)

  function save(log: LogState, head: Omit<Head, 'sizes'>): Head {
    log.head = { ...head, sizes: sizesOf(log) }
    log.recent = [...log.recent, { position: head.position, nonce: head.nonce }].slice(-remembered)
    return log.head
  }

  function headOf(log: LogState): Head {
    const { head } = log
    const keeper = settings.identity()
    if (head?.sizes === sizesOf(log)) {
      if (head.keeper !== keeper) log.head = { ...head, keeper, tookOverAt: settings.now() }
      return log.head ?? head
    }
    const position = Math.max(now(), (log.head?.position ?? 0) + 1)
    log.tags.clear()
    log.keys.clear()
    log.recent = []
    return save(log, {
      position,
      nonce: nonce(),
      floor: position,
      keysFloor: position,
      keeper,
      tookOverAt: 0,
      handedAt: 0,
    })
  }

  function read(after: Cursor | undefined): LogPage & { position: number } {
    const log = state()
    const { position, nonce, floor, keysFloor, tookOverAt } = headOf(log)
    const found = [...log.tags.values(), ...log.keys.values(), ...log.links.values()]
      .filter((record) => record.position > (after?.position ?? -1))
      .sort((a, b) => a.position - b.position)
    const records = firstPage(found, pageSize)
    const more = records.length < found.length
    const cursor = more ? { position: records.at(-1)?.position ?? 0, nonce: '' } : { position, nonce }
    return {
      cursor,
      records,
      floor,
      keysFloor,
      known: knows(log, after),
      more,
      now: settings.now(),
      tookOverAt,
      overdue: [],
      position,
    }
  }

  function write(
    invalidations: readonly Invalidation[],
    lost: { readonly position: number; readonly window: number },
  ): LogMessage {
    const log = state()
    const previous = headOf(log)
    const position = Math.max(previous.position + 1, now(), lost.position + 1)
    const cursor = { position, nonce: nonce() }
    for (const record of doubtful(log, lost)) put(log, { ...record, position })
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    for (const record of records) put(log, record)
    const isCleared = records.some(({ scope, mode }) => scope === 'all' && mode === 'hard')
    const floor = isCleared ? position : previous.floor
    save(log, { ...previous, ...cursor, floor: Math.max(floor, trim(log.tags), trim(log.keys)) })
    return { previous: { position: previous.position, nonce: previous.nonce }, cursor, records }
  }

  /** Keeps a part bounded; returns the position below which nothing is known any more. */
  function trim(part: Map<string, LogRecord>): number {
    const surplus = part.size - maxRecords
    if (surplus <= 0) return 0
    const oldest = [...part].sort(([, a], [, b]) => a.position - b.position).slice(0, surplus)
    for (const [name] of oldest) part.delete(name)
    return oldest.at(-1)?.[1].position ?? 0
  }

  /** Records of keys that are too old or too many, to one asker at a time. */
  function handOut(): readonly LogRecord[] {
    const log = state()
    const head = headOf(log)
    if (Math.abs(now() - head.handedAt) < handing) return []
    const surplus = log.keys.size - maxRecords / 2
    const oldest = [...log.keys.values()].sort((a, b) => a.position - b.position)
    const isOverdue = ({ position }: LogRecord, at: number) =>
      at < surplus || position <= now() - keyRetention * 1_000
    const kept = oldest.findIndex((record, at) => at >= handful || !isOverdue(record, at))
    const overdue = before(oldest, kept === -1 ? undefined : oldest[kept])
    if (overdue.length > 0) log.head = { ...head, handedAt: now() }
    return overdue
  }

  function forgetKeys(records: readonly LogRecord[]): void {
    const log = state()
    const head = headOf(log)
    for (const record of records)
      if (log.keys.get(nameOf(record))?.position === record.position) log.keys.delete(nameOf(record))
    const keysFloor = Math.max(head.keysFloor, ...records.map(({ position }) => position))
    save(log, { ...head, keysFloor, handedAt: 0 })
  }

  return {
    sync: (after: Cursor | undefined): LogPage => ({ ...read(after), overdue: handOut() }),
    forgetKeys,
    append(invalidations: readonly Invalidation[], after: Cursor | undefined): [Appended, LogMessage] {
      const message = write(invalidations, { position: 0, window: 0 })
      return [{ ...read(after), position: message.cursor.position }, message]
    },
    reissue(invalidations: readonly Invalidation[], lost: Cursor, window: number): [Appended, LogMessage] {
      const message = write(invalidations, { position: lost.position, window: window * 1_000 })
      return [{ ...read(undefined), position: message.cursor.position }, message]
    },
  }
}

export type ServerLog = ReturnType<typeof createLog>

/** As many records as a page holds, and never part of what shares a position. */
function firstPage(records: readonly LogRecord[], size: number): readonly LogRecord[] {
  const whole = before(records, records[size])
  return whole.length > 0 ? whole : records.filter(({ position }) => position === records[0]?.position)
}

/** The records at positions before that of `cut`; all of them if there is none. */
function before(records: readonly LogRecord[], cut: LogRecord | undefined): readonly LogRecord[] {
  return cut === undefined ? records : records.filter(({ position }) => position < cut.position)
}

/** A cursor in the middle of a page has no nonce, and is taken at its word. */
function knows(log: LogState, after: Cursor | undefined): boolean {
  if (after === undefined || after.nonce === '') return true
  return log.recent.some(({ position, nonce }) => position === after.position && nonce === after.nonce)
}

function doubtful(
  log: LogState,
  { position: lost, window }: { position: number; window: number },
): LogRecord[] {
  return [...log.tags.values(), ...log.keys.values(), ...log.links.values()].filter(
    ({ position }) => position > lost - window && position <= lost,
  )
}

function put(log: LogState, record: LogRecord): void {
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
