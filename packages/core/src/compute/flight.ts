import type { Stamp } from '../entry/local-entry'
import { LarderError } from '../errors'
import type { Deadlines } from '../resilience/deadlines'
import { LazyAbortSignal } from './lazy-abort-signal'

/** One running computation of a key, and how many wait for it. */
export interface Flight<R> {
  readonly key: string
  /** When it started, and where it stood then. */
  readonly stamp: Stamp
  /** Tags known when it started: a caller after an invalidation of one of them does not join. */
  readonly tags: readonly string[]
  readonly result: Promise<R>
  /** Aborted at the hard timeout, or when the last caller has left. */
  readonly abort: LazyAbortSignal
  /** Nobody asked for it; callers that join and leave again do not end it. */
  readonly isBackground: boolean
  /** Callers that wait. */
  waiters: number
  /** What may be served instead of waiting. */
  fallback: R | undefined
  /** Ends the waiting; the computation itself may go on. */
  end(reason: LarderError): void
}

/** How a flight is started. */
export interface Launch<R> extends Pick<Flight<R>, 'key' | 'stamp' | 'tags' | 'isBackground'> {
  /** Ends it with `COMPUTE_TIMEOUT`, in ms. */
  readonly hardTimeout: number
  work(flight: Flight<R>): R | Promise<R>
  /** The flight has ended before its work: what those who wait get instead of the reason, if anything. */
  onEnd(flight: Flight<R>, reason: LarderError): R | undefined
}

/**
 * At most one computation per key that callers may join. A flight gives its key back when it settles, at its hard
 * timeout, and when the last caller has left, whatever the computation itself does after that.
 */
export function createFlights<R>(deadlines: Deadlines) {
  const flights = new Map<string, Flight<R>>()

  function land(flight: Flight<R>): void {
    if (flights.get(flight.key) === flight) flights.delete(flight.key)
  }

  return {
    get size() {
      return flights.size
    },

    get: (key: string): Flight<R> | undefined => flights.get(key),

    /** Starts a flight and makes it the one to join for its key. */
    launch({ key, stamp, tags, isBackground, hardTimeout, work, onEnd }: Launch<R>): Flight<R> {
      const abort = new LazyAbortSignal()
      let settle: (value: R) => void = ignore
      let fail: (reason: unknown) => void = ignore
      const result = new Promise<R>((resolve, reject) => {
        settle = resolve
        fail = reject
      })
      // Whoever waits hears of a failure; where nobody does, it is no unhandled rejection.
      result.catch(ignore)
      const flight: Flight<R> = {
        key,
        stamp,
        tags,
        result,
        abort,
        isBackground,
        waiters: 0,
        fallback: undefined,
        end(reason) {
          if (abort.reason !== undefined) return
          land(flight)
          abort.abort(reason)
          const substitute = onEnd(flight, reason)
          if (substitute === undefined) fail(reason)
          else settle(substitute)
        },
      }
      flights.set(key, flight)
      const deadline = deadlines.set(hardTimeout, stamp.startedAt.monotonic, () =>
        flight.end(overdue(key, hardTimeout)),
      )
      begin(work, flight).then(
        (value) => {
          deadline.cancel()
          land(flight)
          settle(value)
        },
        (error: unknown) => {
          deadline.cancel()
          land(flight)
          fail(error)
        },
      )
      return flight
    },

    /** Waits for a flight until it settles or `signal` says otherwise. The last one to leave ends it. */
    join(flight: Flight<R>, signal: AbortSignal | undefined): Promise<R> {
      if (signal !== undefined) return joinFor(flight, signal)
      flight.waiters += 1
      return flight.result
    },
  }
}

export type Flights<R> = ReturnType<typeof createFlights<R>>

function ignore(): void {}

/** What throws before it promises anything fails like a promise: a flight that nobody lands would keep its key. */
function begin<R>(work: Launch<R>['work'], flight: Flight<R>): Promise<R> {
  try {
    return Promise.resolve(work(flight))
  } catch (error) {
    return Promise.reject(error)
  }
}

async function joinFor<R>(flight: Flight<R>, signal: AbortSignal): Promise<R> {
  flight.waiters += 1
  try {
    signal.throwIfAborted()
    return await untilAborted(flight.result, signal)
  } finally {
    flight.waiters -= 1
    if (signal.aborted && flight.waiters === 0 && !flight.isBackground) flight.end(deserted(flight.key))
  }
}

function overdue(key: string, limit: number): LarderError {
  return new LarderError(
    'COMPUTE_TIMEOUT',
    `Computing "${key}" took longer than ${limit} ms (hardTimeout).`,
    {
      key,
    },
  )
}

function deserted(key: string): LarderError {
  return new LarderError('ABORTED', `Nobody waits for "${key}" any more.`, { key })
}

function untilAborted<R>(result: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
