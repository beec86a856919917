import type { Clock } from '../contracts/clock'
import type { Stamp } from '../entry/entry'
import { LarderError } from '../errors'
import type { MaybePromise } from '../maybe-promise'
import { createTimeouts } from '../resilience/timeouts'
import { onceAborted } from './abort-listeners'
import { createKeepAlive } from './keep-alive'
import type { LimitedScope } from './source-limit'
import type { WaitNode } from './wait-graph'

/** An abort signal that is created when it is first read: most computations never read it, and creating one takes a microsecond. */
export class LazyAbortSignal {
  /** Why it was aborted; undefined while it is not. */
  reason: Error | undefined
  private controller: AbortController | undefined

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    if (this.reason !== undefined) this.controller.abort(this.reason)
    return this.controller.signal
  }

  abort(reason: Error): void {
    this.reason ??= reason
    this.controller?.abort(reason)
  }
}

/** One running computation of a key that callers may join. */
export interface Flight<R> extends WaitNode {
  readonly key: string
  /** When it started, and its place in the order of invalidations at that time. */
  readonly stamp: Stamp
  /** Tags known when it started: a caller that arrives after an invalidation of one of them does not join. */
  readonly tags: readonly string[]
  readonly result: Promise<R>
  /** Aborted at the hard timeout, or when the last caller has left. */
  readonly abort: LazyAbortSignal
  /** No caller started it, so callers that join and leave again do not end it. */
  readonly isBackground: boolean
  /** Ends the flight with `COMPUTE_TIMEOUT`, in ms. */
  readonly hardTimeout: number
  /** Whether its function is still to be called, so that a caller who wants a `fresh` value may join. */
  readonly isPending: (() => boolean) | undefined
  /** Whether a computation in this process waits for it. */
  isAwaitedInside: boolean
  /** Number of callers that wait for the result. */
  waiters: number
  /** A stale result that may be served to a caller that waits too long. */
  fallback: R | undefined
  /** Set while the computation waits for a place: it runs at once if the joiner holds one of the same limit. */
  lendPlace: ((joiner: LimitedScope) => void) | undefined
  /** Rejects the result for all waiting callers. The computation itself is only asked to stop, by its signal. */
  end(reason: LarderError): void
}

/** A flight as its owner sees it: with the functions that settle its result. */
interface OwnedFlight<R> extends Flight<R> {
  resolve(value: R): void
  reject(reason: unknown): void
}

/** How a flight is started. */
interface FlightOptions<R>
  extends Pick<Flight<R>, 'key' | 'stamp' | 'tags' | 'isBackground' | 'hardTimeout' | 'isPending'> {
  runFlight(flight: Flight<R>): MaybePromise<R>
  /** The flight ends before its computation. Returns the result for the waiting callers; undefined rejects them with `reason`. */
  onAbort(flight: Flight<R>, reason: LarderError): R | undefined
}

/**
 * Single flight: at most one computation per key that callers may join. A flight releases its key when it settles, at its
 * hard timeout, and when the last caller has left, even if the computation itself goes on after that. While a caller waits
 * for a flight that has a hard timeout, the process stays alive: a computation that hangs would end with it otherwise.
 */
export function createFlights<R>(clock: Clock) {
  const flights = new Map<string, Flight<R>>()
  const timeouts = createTimeouts(clock)
  const keepAlive = createKeepAlive(clock)

  function release(flight: Flight<R>): void {
    keepAlive.delete(flight)
    if (flights.get(flight.key) === flight) flights.delete(flight.key)
  }

  async function joinUntilAborted(flight: Flight<R>, signal: AbortSignal): Promise<R> {
    flight.waiters += 1
    try {
      if (signal.aborted) throw signal.reason
      return await settleOrAbort(flight.result, signal)
    } finally {
      flight.waiters -= 1
      if (flight.waiters === 0) keepAlive.delete(flight)
      if (signal.aborted && flight.waiters === 0 && !flight.isBackground)
        flight.end(abandonedError(flight.key))
    }
  }

  return {
    get size() {
      return flights.size
    },

    get: (key: string): Flight<R> | undefined => flights.get(key),

    /** Starts a flight; it replaces the one that callers could join for this key until now. */
    launchFlight(options: FlightOptions<R>): Flight<R> {
      const { key, stamp, hardTimeout, runFlight } = options
      const flight = createFlight(options, release)
      const { resolve, reject } = flight
      flights.set(key, flight)
      const deadline = timeouts.set(hardTimeout, stamp.startedAt.monotonic, () =>
        flight.end(hardTimeoutError(key, hardTimeout)),
      )
      runSafely(runFlight, flight).then(
        (value) => {
          deadline.cancel()
          release(flight)
          resolve(value)
        },
        (error: unknown) => {
          deadline.cancel()
          release(flight)
          reject(error)
        },
      )
      return flight
    },

    /** Waits for a flight until it settles or `signal` is aborted. The last caller to leave ends it. */
    joinFlight(flight: Flight<R>, signal: AbortSignal | undefined): Promise<R> {
      if (flight.hardTimeout < Number.POSITIVE_INFINITY) keepAlive.add(flight)
      if (signal !== undefined) return joinUntilAborted(flight, signal)
      flight.waiters += 1
      return flight.result
    },
  }
}

export type Flights<R> = ReturnType<typeof createFlights<R>>

function createFlight<R>(
  { key, stamp, tags, isBackground, hardTimeout, isPending, onAbort }: FlightOptions<R>,
  release: (flight: Flight<R>) => void,
): OwnedFlight<R> {
  const abort = new LazyAbortSignal()
  let resolve: (value: R) => void = doNothing
  let reject: (reason: unknown) => void = doNothing
  const result = new Promise<R>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // A rejection reaches the callers that wait. Without any, it must not count as unhandled.
  result.catch(doNothing)
  const flight: OwnedFlight<R> = {
    key,
    stamp,
    tags,
    result,
    abort,
    isBackground,
    hardTimeout,
    isPending,
    awaited: undefined,
    isAwaitedInside: false,
    waiters: 0,
    fallback: undefined,
    lendPlace: undefined,
    resolve,
    reject,
    end(reason) {
      if (abort.reason !== undefined) return
      release(flight)
      abort.abort(reason)
      const substitute = onAbort(flight, reason)
      if (substitute === undefined) reject(reason)
      else resolve(substitute)
    },
  }
  return flight
}

function doNothing(): void {}

/** Turns a synchronous exception into a rejection: otherwise the flight would never release its key. */
function runSafely<R>(runFlight: FlightOptions<R>['runFlight'], flight: Flight<R>): Promise<R> {
  try {
    return Promise.resolve(runFlight(flight))
  } catch (error) {
    return Promise.reject(error)
  }
}

function settleOrAbort<R>(result: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const stopListening = onceAborted(signal, () => reject(signal.reason))
    result.then(resolve, reject).finally(stopListening)
  })
}

function hardTimeoutError(key: string, limit: number): LarderError {
  const message = `Computing "${key}" took longer than ${limit} ms (hardTimeout).`
  return new LarderError('COMPUTE_TIMEOUT', message, { key })
}

function abandonedError(key: string): LarderError {
  return new LarderError('ABORTED', `All callers that waited for "${key}" were aborted.`, { key })
}
