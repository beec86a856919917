import type { Clock } from '../contracts/clock'
import type { Stamp } from '../entry/held'
import { LarderError } from '../errors'

/** One running computation of a key, and how many wait for it. */
export interface Flight<R> {
  readonly key: string
  readonly stamp: Stamp
  /** Tags known so far: a caller after an invalidation of one of them does not join. */
  readonly tags: Set<string>
  readonly result: Promise<R>
  /** Aborted at the hard timeout, or when the last caller has left. */
  readonly signal: AbortSignal
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
export interface Launch<R> {
  readonly key: string
  readonly stamp: Stamp
  readonly tags: Iterable<string>
  /** Ends it with `COMPUTE_TIMEOUT`, in ms. */
  readonly hardTimeout: number
  readonly isBackground: boolean
  work(flight: Flight<R>): Promise<R>
}

/**
 * At most one computation per key that callers may join. A flight gives its key back when it settles, at its hard
 * timeout, and when the last caller has left, whatever the computation itself does after that.
 */
export function createFlights<R>(clock: Clock) {
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
    launch({ key, stamp, tags, hardTimeout, isBackground, work }: Launch<R>): Flight<R> {
      const controller = new AbortController()
      let settle: (value: R) => void = () => undefined
      let fail: (reason: unknown) => void = () => undefined
      const result = new Promise<R>((resolve, reject) => {
        settle = resolve
        fail = reject
      })
      // Whoever waits hears of a failure; where nobody does, it is no unhandled rejection.
      result.catch(() => undefined)
      const flight: Flight<R> = {
        key,
        stamp,
        tags: new Set(tags),
        result,
        signal: controller.signal,
        isBackground,
        waiters: 0,
        fallback: undefined,
        end(reason) {
          land(flight)
          fail(reason)
          controller.abort(reason)
        },
      }
      flights.set(key, flight)
      const cancel = endAfter(clock, flight, hardTimeout)
      work(flight)
        .finally(() => {
          cancel()
          land(flight)
        })
        .then(settle, fail)
      return flight
    },

    /** Waits for a flight until it settles or `signal` says otherwise. The last one to leave ends it. */
    async join(flight: Flight<R>, signal: AbortSignal | undefined): Promise<R> {
      if (signal === undefined) {
        flight.waiters += 1
        return flight.result
      }
      signal.throwIfAborted()
      flight.waiters += 1
      try {
        return await untilAborted(flight.result, signal)
      } finally {
        flight.waiters -= 1
        if (signal.aborted && flight.waiters === 0 && !flight.isBackground) flight.end(deserted(flight.key))
      }
    },
  }
}

export type Flights<R> = ReturnType<typeof createFlights<R>>

function endAfter(clock: Clock, flight: Pick<Flight<unknown>, 'key' | 'end'>, limit: number): () => void {
  if (limit === Number.POSITIVE_INFINITY) return () => undefined
  const { key } = flight
  return clock.timeout(limit, () => {
    flight.end(
      new LarderError('COMPUTE_TIMEOUT', `Computing "${key}" took longer than ${limit} ms (hardTimeout).`, {
        key,
      }),
    )
  })
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
