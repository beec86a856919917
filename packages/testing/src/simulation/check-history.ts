import type { History, ReadRecord, WriteRecord } from './history'

/** The guarantee that reads are checked against. */
export interface ConsistencyGuarantee {
  /** The longest time after an acknowledged invalidation in which other processes may serve the old value, in ms. */
  readonly maxStaleness: number
  /** Whether stale values may be served while the cache is not current. A read must then only see its own process's writes. */
  readonly allowsStale: boolean
  /** How far the sources of some items may lag behind their writes, in ms. */
  readonly lags?: ReadonlyMap<number, number> | undefined
  /** How long values of some items may be served after their computation, in ms. */
  readonly ttls?: ReadonlyMap<number, number> | undefined
}

/** How long after its `ttl` a value may be served: a process knows the log's clock to within one round trip. In ms. */
const ttlTolerance = 1_000

/** A read that returned an older version than the guarantee allows, failed, or never ended. */
export interface Violation {
  readonly read: ReadRecord
  /** The write that it had to see; `undefined` if the read failed or never ended. */
  readonly missed: WriteRecord | undefined
  readonly message: string
}

/** The result of {@link checkHistory}. */
export interface HistoryCheck {
  readonly violations: readonly Violation[]
  /**
   * The longest time, in ms, between the acknowledgement of an invalidation and a read that did not see it yet. 0 if
   * stale values are allowed.
   */
  readonly maxStalenessSeen: number
  /** Duration of the longest read, in ms. */
  readonly longestRead: number
}

/** Checks every read of a history against the guarantee. */
export function checkHistory(history: History, guarantee: ConsistencyGuarantee): HistoryCheck {
  const writes = groupByItem(history.writes)
  const softWrites = groupByItem(history.softWrites)
  const violations: Violation[] = []
  let maxStalenessSeen = 0
  let longestRead = 0
  for (const read of history.reads) {
    const ofItem = writes.get(read.item) ?? []
    const demanded = read.demand === 'strong' ? [...ofItem, ...(softWrites.get(read.item) ?? [])] : ofItem
    const violation = checkRead(read, demanded, history, guarantee) ?? checkTtl(read, history, guarantee)
    if (violation !== undefined) violations.push(violation)
    if (!guarantee.allowsStale && !isInSplit(read, history))
      maxStalenessSeen = Math.max(maxStalenessSeen, stalenessOf(read, ofItem))
    longestRead = Math.max(longestRead, (read.endedAt ?? read.startedAt) - read.startedAt)
  }
  return { violations, maxStalenessSeen, longestRead }
}

function groupByItem(writes: readonly WriteRecord[]): Map<number, WriteRecord[]> {
  const found = new Map<number, WriteRecord[]>()
  for (const write of writes) {
    const known = found.get(write.item)
    if (known === undefined) found.set(write.item, [write])
    else known.push(write)
  }
  return found
}

function checkRead(
  read: ReadRecord,
  writes: readonly WriteRecord[],
  history: History,
  guarantee: ConsistencyGuarantee,
): Violation | undefined {
  const { node, incarnation, item, startedAt, endedAt, version, error } = read
  const location = `node ${node}, item ${item}, ${startedAt.toFixed(1)} ms`
  if (endedAt === undefined) {
    // A read that was pending when its process was killed.
    if (history.survivors[node] !== incarnation) return undefined
    return { read, missed: undefined, message: `${location}: the read never ended` }
  }
  if (version === undefined)
    return { read, missed: undefined, message: `${location}: the read failed: ${String(error)}` }
  const missed = writes.find((write) => write.version > version && mustSee(write, read, history, guarantee))
  if (missed === undefined) return undefined
  const message = `${location}: returned version ${version}, must return at least ${missed.version}, which node ${missed.node} invalidated by ${missed.means} (${missed.outcome} at ${missed.resolvedAt.toFixed(1)} ms)`
  return { read, missed, message }
}

/** Whether the guarantee requires this read to see this write. */
function mustSee(
  write: WriteRecord,
  read: ReadRecord,
  history: History,
  guarantee: ConsistencyGuarantee,
): boolean {
  const { demand } = read
  const startedAt = read.startedAt - (guarantee.lags?.get(read.item) ?? 0)
  const isOwn = write.node === read.node && write.incarnation === read.incarnation
  if (isOwn && write.resolvedAt < startedAt) return true
  if (isInSplit(read, history)) return false
  if (typeof demand === 'object' && isCovered(write, demand.after, startedAt)) return true
  const bound = demand === 'strong' ? 0 : guarantee.maxStaleness
  const isBound = demand === 'strong' || !guarantee.allowsStale
  if (isBound && appliedAt(write, history) + bound < startedAt) return true
  // At the end, even queued invalidations of surviving processes must have been delivered.
  return read.isLast && write.resolvedAt < startedAt && history.survivors[write.node] === write.incarnation
}

/** When the log had the invalidation for certain: one that was queued, when its process had closed its cache. In ms. */
function appliedAt({ outcome, resolvedAt, node, incarnation }: WriteRecord, { closes }: History): number {
  if (outcome === 'applied') return resolvedAt
  const close = closes.find((record) => record.node === node && record.incarnation === incarnation)
  return Math.max(resolvedAt, close?.time ?? Number.POSITIVE_INFINITY)
}

/** Whether two servers keep the log, so that the read can see only the writes of its own process. */
function isInSplit({ startedAt }: ReadRecord, { splits }: History): boolean {
  return splits.some(({ from, to }) => startedAt >= from && startedAt < to)
}

/** Whether a read that demands `after` must see the write. */
function isCovered(write: WriteRecord, after: WriteRecord, startedAt: number): boolean {
  return write.item === after.item && write.version <= after.version && write.committedAt < startedAt
}

/** The violation of a read that returns a value whose `ttl` has ended. */
function checkTtl(
  read: ReadRecord,
  { computations }: History,
  { ttls }: ConsistencyGuarantee,
): Violation | undefined {
  const { item, version, startedAt, endedAt } = read
  const ttl = ttls?.get(item)
  if (ttl === undefined || version === undefined || endedAt === undefined) return undefined
  let computedAt = 0
  for (const computed of computations) {
    const isOfRead = computed.item === item && computed.version === version && computed.endedAt <= endedAt
    if (isOfRead) computedAt = Math.max(computedAt, computed.endedAt)
  }
  if (startedAt <= computedAt + ttl + ttlTolerance) return undefined
  const message = `node ${read.node}, item ${item}, ${startedAt.toFixed(1)} ms: returned a value computed at ${computedAt.toFixed(1)} ms, whose ttl is ${ttl} ms`
  return { read, missed: undefined, message }
}

function stalenessOf({ version, startedAt }: ReadRecord, writes: readonly WriteRecord[]): number {
  if (version === undefined) return 0
  const missed = writes.filter((write) => write.version > version && write.outcome === 'applied')
  return Math.max(0, ...missed.map(({ resolvedAt }) => startedAt - resolvedAt))
}
