import type { Copier } from './copy'
import { type Entry, windowsOf } from './entry'
import type { LocalEntry } from './local-entry'
import { longAgo, type Moment } from './moment'

/** What the entries of one place in the order of invalidations have in common. */
interface Origin {
  readonly asOf: number
  readonly sequence: number
  readonly epoch: Epoch
}

/** Where the times of many entries are counted from: those of the first of them. */
interface Epoch {
  readonly createdAt: number
  readonly startedAt: Moment
}

/** What entries under the same rules have in common. */
interface Terms {
  readonly kind: Entry['kind']
  readonly copy: Copier
  /** How long past its freshness such an entry may be served, in ms. */
  readonly staleFor: number
  readonly errorFor: number
}

/** Stands for `Infinity`, which would turn a field into one for fractions, twice as large in every entry. */
const endless = -1

/** Stands for {@link longAgo}. */
const beforeAll = -1

/** Larger numbers do not fit into a machine word. */
const largest = 2 ** 31 - 1

/** How far the two clocks may have run apart in an epoch, in ms. */
const apart = 1

/**
 * An entry in a third of the memory: what many entries share is one object for all of them, and times are whole
 * milliseconds from another one, which fit into a machine word.
 */
class CompactEntry implements LocalEntry {
  checkedAt = -1

  constructor(
    readonly key: string,
    readonly value: unknown,
    readonly tags: readonly string[],
    private readonly origin: Origin,
    private readonly terms: Terms,
    private readonly startedAfter: number,
    private readonly bornAfter: number,
    private readonly life: number,
    private readonly restFor: number,
    private readonly microseconds: number,
  ) {}

  get kind() {
    return this.terms.kind
  }
  get copy() {
    return this.terms.copy
  }
  get startedAt() {
    return this.startedAfter === beforeAll
      ? longAgo
      : momentAfter(this.origin.epoch.startedAt, this.startedAfter)
  }
  get createdAt() {
    return this.origin.epoch.createdAt + this.bornAfter
  }
  get asOf() {
    return this.origin.asOf
  }
  get sequence() {
    return this.origin.sequence
  }
  get refreshAt() {
    return after(this.createdAt, this.restFor)
  }
  get freshUntil() {
    return after(this.createdAt, this.life)
  }
  get staleUntil() {
    return this.freshUntil + this.terms.staleFor
  }
  get errorUntil() {
    return this.freshUntil + this.terms.errorFor
  }
  get computeTime() {
    return this.microseconds / 1_000
  }
}

/** When the phases of an entry's life end. */
type Ends = Pick<LocalEntry, 'freshUntil' | 'staleUntil' | 'errorUntil' | 'refreshAt'>

/** What this process adds to an entry. */
type Additions = Pick<LocalEntry, 'value' | 'copy' | 'sequence' | 'startedAt' | 'refreshAt'>

/** Puts together an entry as this process holds it. */
export function compactEntry(entry: Omit<Entry, 'value'>, own: Additions): LocalEntry {
  const { createdAt, freshUntil, staleUntil, errorUntil } = entry
  const origin = originOf(entry.asOf, own.sequence, epochOf(createdAt, own.startedAt))
  // What was over before it was made is over from the beginning; its windows do not move with that.
  const end = Math.max(createdAt, freshUntil)
  const { staleFor, errorFor } = windowsOf({ freshUntil: end, staleUntil, errorUntil })
  return new CompactEntry(
    entry.key,
    own.value,
    entry.tags,
    origin,
    termsOf(entry.kind, own.copy, staleFor, errorFor),
    own.startedAt === longAgo ? beforeAll : wholeBetween(origin.epoch.startedAt, own.startedAt),
    Math.round(createdAt - origin.epoch.createdAt),
    until(createdAt, end),
    until(createdAt, own.refreshAt),
    Math.round(entry.computeTime * 1_000),
  )
}

/** The same entry with other ends. */
export function withExpiry(entry: LocalEntry, ends: Ends): LocalEntry {
  const { key, kind, tags, asOf, createdAt, computeTime } = entry
  const { freshUntil, staleUntil, errorUntil, refreshAt } = ends
  const moved = { key, kind, tags, asOf, createdAt, computeTime, freshUntil, staleUntil, errorUntil }
  const { value, copy, sequence, startedAt } = entry
  return compactEntry(moved, { value, copy, sequence, startedAt, refreshAt })
}

/** Whole milliseconds, and none that would be before the beginning. */
function until(from: number, to: number): number {
  return to === Number.POSITIVE_INFINITY ? endless : Math.max(0, Math.round(to - from))
}

function after(from: number, ms: number): number {
  return ms === endless ? Number.POSITIVE_INFINITY : from + ms
}

let latestOrigin: Origin = { asOf: 0, sequence: 0, epoch: { createdAt: 0, startedAt: longAgo } }
let latestTerms: Terms = { kind: 'value', copy: (value) => value, staleFor: 0, errorFor: 0 }

/** One object for all entries in a row that come from the same place. */
function originOf(asOf: number, sequence: number, epoch: Epoch): Origin {
  const { asOf: lastAsOf, sequence: lastSequence, epoch: lastEpoch } = latestOrigin
  const isSame = asOf === lastAsOf && sequence === lastSequence && epoch === lastEpoch
  if (!isSame) latestOrigin = { asOf, sequence, epoch }
  return latestOrigin
}

function termsOf(kind: Entry['kind'], copy: Copier, staleFor: number, errorFor: number): Terms {
  const { kind: lastKind, copy: lastCopy, staleFor: lastStale, errorFor: lastError } = latestTerms
  const isSame = kind === lastKind && copy === lastCopy && staleFor === lastStale && errorFor === lastError
  if (!isSame) latestTerms = { kind, copy, staleFor, errorFor }
  return latestTerms
}

/**
 * The same one for as long as distances from it fit into a machine word, and both clocks see the same time pass. What comes
 * from another process was made before, and started `longAgo`: it fits into any.
 */
function epochOf(createdAt: number, startedAt: Moment): Epoch {
  const { epoch } = latestOrigin
  const isInReach = Math.abs(createdAt - epoch.createdAt) < largest
  const isAlong = startedAt === longAgo || runsAlong(epoch.startedAt, startedAt)
  return isInReach && isAlong ? epoch : { createdAt, startedAt }
}

/** Whether both clocks saw the same time pass. One may have been set back, or have stood still. */
function runsAlong(from: Moment, to: Moment): boolean {
  const wall = to.wall - from.wall
  const monotonic = to.monotonic - from.monotonic
  return Math.min(wall, monotonic) >= 0 && wall < largest && Math.abs(wall - monotonic) < apart
}

/** Whole milliseconds, on the clock that saw fewer: an entry may seem older than it is, by less than two, and never younger. */
function wholeBetween(from: Moment, to: Moment): number {
  return Math.floor(Math.min(to.wall - from.wall, to.monotonic - from.monotonic))
}

function momentAfter({ wall, monotonic }: Moment, ms: number): Moment {
  return { wall: wall + ms, monotonic: monotonic + ms }
}
