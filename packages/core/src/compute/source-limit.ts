import { countKind } from '../arguments/option-kinds'
import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import { createBulkhead } from '../resilience/bulkhead'
import { createTimeouts, type Deadline } from '../resilience/timeouts'
import { isWaitingFor, recordWait, type WaitNode } from './wait-graph'

/** A computation, with the limits on whose places it runs. */
export interface LimitedScope {
  /** The computation within which this one runs. */
  readonly outer: LimitedScope | undefined
  /** Its place in the graph of who waits for whom. */
  readonly waitNode: WaitNode
  limits: readonly object[]
}

/** A flight whose computation may wait for a place. */
interface WaitingFlight {
  readonly abort: { readonly reason: unknown }
  /** Set while it waits: it runs at once if the joiner holds a place of the same limit. */
  lendPlace: ((joiner: LimitedScope) => void) | undefined
}

/** A computation that needs a place to run. */
interface Applicant {
  readonly key: string
  readonly capture: LimitedScope
  readonly hardTimeout: number
  readonly limitTime: LimitTime
  /** Undefined for a computation that nobody can join. */
  readonly flight: WaitingFlight | undefined
  /** The computation and all those around it, in every cache. */
  listWaiters(): readonly WaitNode[]
}

/** Calls `giveUp` when a computation that begins now has run for its hard timeout. */
export type LimitTime = (key: string, hardTimeout: number, giveUp: () => void) => Deadline

/** `onOverdue` is called for each computation that runs for longer. */
export function createLimitTime(
  clock: Clock,
  onOverdue: (key: string, hardTimeout: number) => void,
): LimitTime {
  const timeouts = createTimeouts(clock)
  return (key, hardTimeout, giveUp) =>
    timeouts.set(hardTimeout, clock.monotonic(), () => {
      onOverdue(key, hardTimeout)
      giveUp()
    })
}

/** Computations that wait for a place, at most. */
const maxWaiting = 1_000

/**
 * Protects the source of the values: at most `maxConcurrent` computations are under way, up to a thousand wait for a place in
 * the order they came, and further ones fail with `SOURCE_BUSY`.
 *
 * A computation inside another one that holds a place of the same limit runs on that place: the outer one does nothing but
 * wait for it, and if both needed a place of their own, the outer ones could take all of them and wait for ever. For the same
 * reason, a computation that all holders of a place wait for, on the places of another limit, runs without one.
 *
 * A computation keeps its place after its callers have left, because the source is still working on it. It loses it when it has
 * run for its hard timeout: one that never settles would hold it for ever, and a few of them would stop the cache.
 */
function createSourceLimit(maxConcurrent: number): SourceLimit {
  const bulkhead = createBulkhead({ maxConcurrent, maxWaiting })
  const holders = new Set<WaitNode>()

  const isHeldAround = ({ outer }: LimitedScope) => {
    for (let capture = outer; capture !== undefined; capture = capture.outer)
      if (capture.limits.includes(limit)) return true
    return false
  }

  /** Resolves to whether the computation holds a place of its own when it may run. */
  function waitForPlace({ flight, listWaiters }: Applicant): boolean | Promise<boolean> {
    const waiters = listWaiters()
    const place: WaitNode = { awaited: holders, needsOne: true }
    if (holders.size >= maxConcurrent && isWaitingFor(place, waiters)) return false
    const granted = new Promise<boolean>((resolve) => {
      let isStarted = false
      const start = (holdsPlace: boolean) => {
        isStarted = true
        place.awaited = undefined
        if (flight !== undefined) flight.lendPlace = undefined
        resolve(holdsPlace)
      }
      bulkhead.enter(() => (isStarted ? bulkhead.leave() : start(true)))
      if (isStarted || flight === undefined) return
      flight.lendPlace = (joiner) => {
        if (!isStarted && (joiner.limits.includes(limit) || isHeldAround(joiner))) start(false)
      }
    })
    return recordWait(waiters, place, granted)
  }

  async function runOnPlace<T>(applicant: Applicant, work: () => T | PromiseLike<T>): Promise<T> {
    const { capture, flight } = applicant
    const leavePlace = (await waitForPlace(applicant)) ? takePlace(applicant) : undefined
    try {
      if (flight?.abort.reason !== undefined) throw flight.abort.reason
      capture.limits = [...capture.limits, limit]
      return await work()
    } finally {
      leavePlace?.()
    }
  }

  /** Returns the function that frees the place. */
  function takePlace({ key, capture, hardTimeout, limitTime }: Applicant): () => void {
    holders.add(capture.waitNode)
    const leavePlace = () => {
      if (!holders.delete(capture.waitNode)) return
      deadline.cancel()
      // Computations that begin inside it from here on need places of their own.
      capture.limits = capture.limits.filter((held) => held !== limit)
      bulkhead.leave()
    }
    const deadline = limitTime(key, hardTimeout, leavePlace)
    return leavePlace
  }

  const limit: SourceLimit = {
    run<T>(applicant: Applicant, work: () => T | PromiseLike<T>): T | PromiseLike<T> {
      if (isHeldAround(applicant.capture)) return work()
      if (bulkhead.isFull) throw sourceBusyError(applicant.key, maxConcurrent)
      return runOnPlace(applicant, work)
    },
  }
  return limit
}

/** A limit on the computations of a cache, or of one function. */
export interface SourceLimit {
  /** @throws LarderError `SOURCE_BUSY`, or the error of `work`. */
  run<T>(applicant: Applicant, work: () => T | PromiseLike<T>): T | PromiseLike<T>
}

/**
 * The limit that an option asks for; undefined for none.
 * @throws LarderError `BAD_OPTION` unless it is a positive integer.
 */
export function sourceLimitOf(maxConcurrentComputes: number | undefined): SourceLimit | undefined {
  if (maxConcurrentComputes === undefined || maxConcurrentComputes === Number.POSITIVE_INFINITY)
    return undefined
  countKind(maxConcurrentComputes, 'maxConcurrentComputes')
  return createSourceLimit(maxConcurrentComputes)
}

/** Runs `work` on a place of every limit; the first limit is the first to be waited for. */
export function runWithinLimits<T>(
  limits: readonly SourceLimit[],
  applicant: Applicant,
  work: () => T | PromiseLike<T>,
): T | PromiseLike<T> {
  const [limit, ...rest] = limits
  if (limit === undefined) return work()
  return limit.run(applicant, () => runWithinLimits(rest, applicant, work))
}

/** Whether the error says that a computation was refused: that of `key`, if one is given. */
export function isSourceBusy(error: unknown, key?: string): boolean {
  return (
    error instanceof LarderError && error.code === 'SOURCE_BUSY' && (key === undefined || key === error.key)
  )
}

function sourceBusyError(key: string, maxConcurrent: number): LarderError {
  return new LarderError(
    'SOURCE_BUSY',
    `"${key}" was not computed: ${maxConcurrent} computations are under way (maxConcurrentComputes), and ${maxWaiting} wait.`,
    { key },
  )
}
