import type { Copier } from './copy'
import type { Entry } from './entry'
import type { HeldEntry } from './held'
import type { Moment } from './moment'

/** What the entries of one place in the order of invalidations have in common. */
interface Origin {
  readonly asOf: number
  readonly sequence: number
  /** When the first of them was made. */
  readonly since: number
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

/** Larger numbers do not fit into a machine word. */
const largest = 2 ** 31 - 1

/**
 * An entry in a third of the memory: what many entries share is one object for all of them, and times are whole
 * milliseconds after an earlier one, which fit into a machine word.
 */
class CompactEntry implements HeldEntry {
  checkedAt = -1

  constructor(
    readonly key: string,
    readonly value: unknown,
    readonly tags: readonly string[],
    private readonly origin: Origin,
    private readonly terms: Terms,
    readonly startedAt: Moment,
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
  get createdAt() {
    return this.origin.since + this.bornAfter
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
type Ends = Pick<HeldEntry, 'freshUntil' | 'staleUntil' | 'errorUntil' | 'refreshAt'>

/** What this process adds to an entry. */
type Additions = Pick<HeldEntry, 'value' | 'copy' | 'sequence' | 'startedAt' | 'refreshAt'>

/** Puts together an entry as this process holds it. */
export function compact(entry: Omit<Entry, 'value'>, own: Additions): HeldEntry {
  const { createdAt, freshUntil } = entry
  const origin = originOf(entry.asOf, own.sequence, createdAt)
  // What was over before it was made is over from the beginning; its windows do not move with that.
  const end = Math.max(createdAt, freshUntil)
  return new CompactEntry(
    entry.key,
    own.value,
    entry.tags,
    origin,
    termsOf(entry.kind, own.copy, past(end, entry.staleUntil), past(end, entry.errorUntil)),
    momentLike(own.startedAt),
    Math.round(createdAt - origin.since),
    until(createdAt, end),
    until(createdAt, own.refreshAt),
    Math.round(entry.computeTime * 1_000),
  )
}

/** The same entry with other ends. */
export function moved(entry: HeldEntry, ends: Ends): HeldEntry {
  const { key, kind, tags, asOf, createdAt, computeTime } = entry
  const { freshUntil, staleUntil, errorUntil, refreshAt } = ends
  const moved = { key, kind, tags, asOf, createdAt, computeTime, freshUntil, staleUntil, errorUntil }
  const { value, copy, sequence, startedAt } = entry
  return compact(moved, { value, copy, sequence, startedAt, refreshAt })
}

/** Whole milliseconds, and none that would be before the beginning. */
function until(from: number, to: number): number {
  return to === Number.POSITIVE_INFINITY ? endless : Math.max(0, Math.round(to - from))
}

function after(from: number, ms: number): number {
  return ms === endless ? Number.POSITIVE_INFINITY : from + ms
}

function past(from: number, to: number): number {
  return from === to ? 0 : to - from
}

let latestOrigin: Origin = { asOf: 0, sequence: 0, since: 0 }
let latestTerms: Terms = { kind: 'value', copy: (value) => value, staleFor: 0, errorFor: 0 }
let latestMoment: Moment = { wall: 0, monotonic: 0 }

/** One object for all entries in a row that come from the same place. */
function originOf(asOf: number, sequence: number, createdAt: number): Origin {
  const { asOf: lastAsOf, sequence: lastSequence, since } = latestOrigin
  const isInReach = createdAt >= since && createdAt - since < largest
  if (asOf !== lastAsOf || sequence !== lastSequence || !isInReach)
    latestOrigin = { asOf, sequence, since: createdAt }
  return latestOrigin
}

function termsOf(kind: Entry['kind'], copy: Copier, staleFor: number, errorFor: number): Terms {
  const { kind: lastKind, copy: lastCopy, staleFor: lastStale, errorFor: lastError } = latestTerms
  const isSame = kind === lastKind && copy === lastCopy && staleFor === lastStale && errorFor === lastError
  if (!isSame) latestTerms = { kind, copy, staleFor, errorFor }
  return latestTerms
}

/**
 * One moment for all of a millisecond, the first: an entry may seem older than it is, never younger. On both clocks: one may
 * have been set back, or have stood still.
 */
function momentLike(moment: Moment): Moment {
  const isSame =
    isJustAfter(latestMoment.wall, moment.wall) && isJustAfter(latestMoment.monotonic, moment.monotonic)
  if (!isSame) latestMoment = moment
  return latestMoment
}

function isJustAfter(from: number, to: number): boolean {
  return to >= from && to - from < 1
}
