import type { Copier } from './copy'
import { type Entry, type LocalEntry, windowsOf } from './entry'
import { longAgo, type Moment } from './moment'

/** Shared by entries with the same position in the order of invalidations. */
interface Origin {
  readonly asOf: number
  readonly term: number
  readonly sequence: number
  readonly epoch: Epoch
}

/** The origin from which the times of many entries are counted: the times of the first of them. */
interface Epoch {
  readonly createdAt: number
  readonly startedAt: Moment
  readonly clockOffset: number
}

/** Shared by entries stored under the same rules. */
interface Profile {
  readonly kind: Entry['kind']
  readonly copy: Copier
  /** How long after its expiry the entry may be served, in ms. */
  readonly staleFor: number
  readonly errorFor: number
}

/** Encodes `Infinity` as -1, to keep the field a small integer (a double would be boxed). */
const endless = -1

/** Encodes {@link longAgo}. */
const longAgoCode = -1

/** Largest distance in ms that an engine stores as a small integer. */
const maxSmallInteger = 2 ** 31 - 1

/** Maximum drift between the two clocks within an epoch, in ms. */
const maxDrift = 1

/**
 * An entry in a third of the memory: fields that many entries have in common live in shared objects, and times are whole
 * milliseconds relative to a shared epoch, which fit into small integers.
 */
class CompactEntry implements LocalEntry {
  checkedAt = -1

  constructor(
    readonly key: string,
    readonly value: unknown,
    readonly tags: readonly string[],
    private readonly origin: Origin,
    private readonly profile: Profile,
    private readonly startedAfter: number,
    private readonly createdAfter: number,
    private readonly freshFor: number,
    private readonly refreshAfter: number,
    private readonly computeMicroseconds: number,
  ) {}

  get kind() {
    return this.profile.kind
  }
  get copy() {
    return this.profile.copy
  }
  get startedAt() {
    return this.startedAfter === longAgoCode
      ? longAgo
      : momentAfter(this.origin.epoch.startedAt, this.startedAfter)
  }
  get clockOffset() {
    return this.origin.epoch.clockOffset
  }
  get createdAt() {
    return this.origin.epoch.createdAt + this.createdAfter
  }
  get asOf() {
    return this.origin.asOf
  }
  get term() {
    return this.origin.term
  }
  get sequence() {
    return this.origin.sequence
  }
  get refreshAt() {
    return addDistance(this.createdAt, this.refreshAfter)
  }
  get freshUntil() {
    return addDistance(this.createdAt, this.freshFor)
  }
  get staleUntil() {
    return this.freshUntil + this.profile.staleFor
  }
  get errorUntil() {
    return this.freshUntil + this.profile.errorFor
  }
  get computeTime() {
    return this.computeMicroseconds / 1_000
  }
}

/** The times at which an entry changes its state. */
type LocalExpiry = Pick<LocalEntry, 'freshUntil' | 'staleUntil' | 'errorUntil' | 'refreshAt' | 'clockOffset'>

/** Fields of a local entry that this process adds. */
type LocalFields = Pick<LocalEntry, 'value' | 'copy' | 'sequence' | 'startedAt' | 'clockOffset' | 'refreshAt'>

/** Creates the local form of an entry. */
export function compactEntry(entry: Omit<Entry, 'value'>, local: LocalFields): LocalEntry {
  const { createdAt, freshUntil, staleUntil, errorUntil } = entry
  const origin = originOf(entry, local.sequence, epochOf(createdAt, local))
  // Clamp to `createdAt`: an entry that expired before it was created is expired at once; its windows keep their end.
  const end = Math.max(createdAt, freshUntil)
  const { staleFor, errorFor } = windowsOf({ freshUntil: end, staleUntil, errorUntil })
  return new CompactEntry(
    entry.key,
    local.value,
    entry.tags,
    origin,
    profileOf(entry.kind, local.copy, staleFor, errorFor),
    local.startedAt === longAgo ? longAgoCode : wholeMsBetween(origin.epoch.startedAt, local.startedAt),
    Math.round(createdAt - origin.epoch.createdAt),
    encodeDistance(createdAt, end),
    encodeDistance(createdAt, local.refreshAt),
    Math.round(entry.computeTime * 1_000),
  )
}

/** A copy of the entry with other expiry times. */
export function withExpiry(entry: LocalEntry, expiry: LocalExpiry): LocalEntry {
  const { key, kind, tags, asOf, term, createdAt, computeTime } = entry
  const { freshUntil, staleUntil, errorUntil, refreshAt, clockOffset } = expiry
  const fields = { key, kind, tags, asOf, term, createdAt, computeTime, freshUntil, staleUntil, errorUntil }
  const { value, copy, sequence, startedAt } = entry
  return compactEntry(fields, { value, copy, sequence, startedAt, clockOffset, refreshAt })
}

/** Whole milliseconds from `from` to `to`, not negative; {@link endless} for `Infinity`. */
function encodeDistance(from: number, to: number): number {
  return to === Number.POSITIVE_INFINITY ? endless : Math.max(0, Math.round(to - from))
}

function addDistance(from: number, ms: number): number {
  return ms === endless ? Number.POSITIVE_INFINITY : from + ms
}

let latestOrigin: Origin = {
  asOf: 0,
  term: 0,
  sequence: 0,
  epoch: { createdAt: 0, startedAt: longAgo, clockOffset: 0 },
}
let latestProfile: Profile = { kind: 'value', copy: (value) => value, staleFor: 0, errorFor: 0 }

/** Reuses the latest origin while consecutive entries have the same. The entries of all caches of a process share it. */
function originOf({ asOf, term }: Pick<Entry, 'asOf' | 'term'>, sequence: number, epoch: Epoch): Origin {
  const { asOf: lastAsOf, term: lastTerm, sequence: lastSequence, epoch: lastEpoch } = latestOrigin
  const isSame = asOf === lastAsOf && term === lastTerm && sequence === lastSequence && epoch === lastEpoch
  if (!isSame) latestOrigin = { asOf, term, sequence, epoch }
  return latestOrigin
}

function profileOf(kind: Entry['kind'], copy: Copier, staleFor: number, errorFor: number): Profile {
  const { kind: lastKind, copy: lastCopy, staleFor: lastStale, errorFor: lastError } = latestProfile
  const isSame = kind === lastKind && copy === lastCopy && staleFor === lastStale && errorFor === lastError
  if (!isSame) latestProfile = { kind, copy, staleFor, errorFor }
  return latestProfile
}

/**
 * Reuses the latest epoch while distances from it fit into a small integer and both clocks advance equally. An entry of
 * another process started `longAgo`, which fits into any epoch.
 */
function epochOf(
  createdAt: number,
  { startedAt, clockOffset }: Pick<LocalFields, 'startedAt' | 'clockOffset'>,
): Epoch {
  const { epoch } = latestOrigin
  const isInRange = Math.abs(createdAt - epoch.createdAt) < maxSmallInteger
  const isInStep = startedAt === longAgo || isInStepWith(epoch.startedAt, startedAt)
  const isSameOffset = Math.abs(clockOffset - epoch.clockOffset) <= maxDrift
  return isInRange && isInStep && isSameOffset ? epoch : { createdAt, startedAt, clockOffset }
}

/** Whether both clocks advanced equally. The wall clock may have been set back, or one of them may have stood still. */
function isInStepWith(from: Moment, to: Moment): boolean {
  const wall = to.wall - from.wall
  const monotonic = to.monotonic - from.monotonic
  return Math.min(wall, monotonic) >= 0 && wall < maxSmallInteger && Math.abs(wall - monotonic) < maxDrift
}

/** Whole milliseconds on the slower clock, so that an entry may seem up to 2 ms older than it is, but never younger. */
function wholeMsBetween(from: Moment, to: Moment): number {
  return Math.floor(Math.min(to.wall - from.wall, to.monotonic - from.monotonic))
}

function momentAfter({ wall, monotonic }: Moment, ms: number): Moment {
  return { wall: wall + ms, monotonic: monotonic + ms }
}
