import type { History, ReadRecord, WriteRecord } from './history'

/** The promise that reads are held to. */
export interface Promised {
  /** In ms. */
  readonly maxStaleness: number
  /** Stale values may be served while the cache is not current: only what a process invalidated itself is owed. */
  readonly allowsStale: boolean
}

/** A read that returned less than it was owed, or did not return. */
export interface Violation {
  readonly read: ReadRecord
  /** The write it should have seen. Undefined if the read failed. */
  readonly missed: WriteRecord | undefined
  readonly message: string
}

/** What a history comes to. */
export interface Judgement {
  readonly violations: readonly Violation[]
  /**
   * The longest time, in ms, between the acknowledgement of an invalidation and a read that did not see it yet. 0 where
   * stale values are allowed.
   */
  readonly maxStalenessSeen: number
  /** In ms. */
  readonly longestRead: number
}

/** Decides each read of a history against the promise. */
export function judge(history: History, promised: Promised): Judgement {
  const writes = byItem(history.writes)
  const violations: Violation[] = []
  let maxStalenessSeen = 0
  let longestRead = 0
  for (const read of history.reads) {
    const ofItem = writes.get(read.item) ?? []
    const violation = judgeRead(read, ofItem, history, promised)
    if (violation !== undefined) violations.push(violation)
    if (!promised.allowsStale) maxStalenessSeen = Math.max(maxStalenessSeen, stalenessOf(read, ofItem))
    longestRead = Math.max(longestRead, (read.endedAt ?? read.startedAt) - read.startedAt)
  }
  return { violations, maxStalenessSeen, longestRead }
}

function byItem(writes: readonly WriteRecord[]): Map<number, WriteRecord[]> {
  const found = new Map<number, WriteRecord[]>()
  for (const write of writes) {
    const known = found.get(write.item)
    if (known === undefined) found.set(write.item, [write])
    else known.push(write)
  }
  return found
}

function judgeRead(
  read: ReadRecord,
  writes: readonly WriteRecord[],
  history: History,
  promised: Promised,
): Violation | undefined {
  const { node, incarnation, item, startedAt, endedAt, version, error } = read
  const where = `node ${node}, item ${item}, ${startedAt.toFixed(1)} ms`
  if (endedAt === undefined) {
    // What a process was at when it died is nobody's.
    if (history.survivors[node] !== incarnation) return undefined
    return { read, missed: undefined, message: `${where}: the read never ended` }
  }
  if (version === undefined)
    return { read, missed: undefined, message: `${where}: the read failed: ${String(error)}` }
  const missed = writes.find((write) => write.version > version && isOwed(write, read, history, promised))
  if (missed === undefined) return undefined
  const message = `${where}: returned version ${version}, is owed ${missed.version}, which node ${missed.node} invalidated by ${missed.means} (${missed.outcome} at ${missed.resolvedAt.toFixed(1)} ms)`
  return { read, missed, message }
}

/** Whether the promise covers this write for this read. */
function isOwed(write: WriteRecord, read: ReadRecord, history: History, promised: Promised): boolean {
  const { startedAt, demand } = read
  if (write.node === read.node && write.incarnation === read.incarnation && write.resolvedAt < startedAt)
    return true
  if (typeof demand === 'object') return write.version <= demand.after.version
  if (write.outcome === 'applied') {
    const bound = demand === 'strong' ? 0 : promised.maxStaleness
    const isBound = demand === 'strong' || !promised.allowsStale
    if (isBound && write.resolvedAt + bound < startedAt) return true
  }
  // What waited in a process that lived on has reached everyone in the end.
  return read.isLast && history.survivors[write.node] === write.incarnation
}

function stalenessOf({ version, startedAt }: ReadRecord, writes: readonly WriteRecord[]): number {
  if (version === undefined) return 0
  const missed = writes.filter((write) => write.version > version && write.outcome === 'applied')
  return Math.max(0, ...missed.map(({ resolvedAt }) => startedAt - resolvedAt))
}
