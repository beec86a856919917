import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import { createBulkhead } from './bulkhead'
import { createCircuitBreaker, type Outage } from './circuit-breaker'
import { createTimeouts } from './timeouts'

/** Limits on calls to a server. */
export interface PolicyOptions {
  /** Names the policy in messages and events, such as `redis (log)`. */
  readonly name: string
  /** Measures timeouts and pauses. */
  readonly clock: Clock
  /** Maximum duration of a call, in ms. */
  readonly timeout: number
  /** Consecutive failures that open the circuit. */
  readonly circuitThreshold: number
  /** How long an open circuit waits before it lets a trial call through, in ms. */
  readonly circuitPause: number
  /** Maximum reads in flight, and maximum other calls. */
  readonly maxInFlight: number
  /** Maximum reads that wait for a place, and maximum other calls; further ones are rejected at once. */
  readonly maxWaiting: number
  /** The circuit has opened because of this failure. */
  onOpen(cause: unknown): void
  /** An outage of the server begins, or has ended: the circuit has stayed closed for `circuitPause`. */
  onOutage(outage: Outage): void
  /** A call has ended after `duration` ms. */
  onCall(operation: string, duration: number, ok: boolean): void
  /** A call has failed. */
  onError(operation: string, error: unknown): void
}

/**
 * A resilience policy around a store, a log or leases elsewhere: a timeout per call, a circuit breaker and bulkheads. A
 * failing, slow or frozen server then costs its callers a bounded time and bounded memory. The timeout of a call begins when
 * the call is made: a burst that waits in this process for its turn does not count as a failure of the server.
 */
export function createPolicy(options: PolicyOptions) {
  const { name, clock, maxInFlight: maxConcurrent, maxWaiting } = options
  const circuit = createCircuitBreaker({
    clock,
    threshold: options.circuitThreshold,
    pause: options.circuitPause,
    onOpen: options.onOpen,
    onOutage: options.onOutage,
  })
  const makeCall = createTimedCall(options, circuit)
  /** Apart, because callers wait for reads, and a burst of writes would delay them. */
  const reads = createBulkhead({ maxConcurrent, maxWaiting })
  const others = createBulkhead({ maxConcurrent, maxWaiting })

  return {
    name,
    get state() {
      return circuit.state
    },
    /**
     * Executes one call. A result that arrives after the timeout is dropped.
     * @throws LarderError `STORE_BUSY` (bulkhead full), `STORE_OPEN_CIRCUIT`, `STORE_TIMEOUT`, or the call's own error.
     */
    execute<T>(operation: string, call: () => Promise<T>): Promise<T> {
      const bulkhead = operation === 'get' ? reads : others
      if (!circuit.mayPass()) return Promise.reject(openCircuitError(name))
      if (bulkhead.isFull) return Promise.reject(busyError(name, maxConcurrent + maxWaiting))
      const { leave } = bulkhead
      return new Promise<T>((resolve, reject) => {
        bulkhead.enter(() => makeCall(operation, call, { resolve, reject, leave }))
      })
    },
  }
}

export type Policy = ReturnType<typeof createPolicy>

/** The caller of a policy, and the place in the bulkhead that its call holds. */
interface Caller<T> {
  resolve(result: T): void
  reject(error: unknown): void
  leave(): void
}

/** Makes calls that have a timeout, unless the circuit has opened while they waited, and tells the circuit how they end. */
function createTimedCall(
  { name, clock, timeout, onCall, onError }: PolicyOptions,
  circuit: ReturnType<typeof createCircuitBreaker>,
) {
  /** They keep the process alive: sockets of an idle store do not, and a call that is awaited must not end with the process. */
  const timeouts = createTimeouts(clock, clock.timeout)

  return <T>(operation: string, call: () => Promise<T>, { resolve, reject, leave }: Caller<T>): void => {
    if (!circuit.tryPass()) {
      reject(openCircuitError(name))
      leave()
      return
    }
    const startedAt = clock.monotonic()
    const deadline = timeouts.set(timeout, startedAt, () => fail(timeoutError(name, operation, timeout)))
    let isOver = false

    function finish(ok: boolean): void {
      isOver = true
      deadline.cancel()
      onCall(operation, clock.monotonic() - startedAt, ok)
    }
    function succeed(result: T): void {
      if (isOver) return
      resolve(result)
      finish(true)
      circuit.recordSuccess()
      leave()
    }
    function fail(error: unknown): void {
      if (isOver) return
      reject(error)
      finish(false)
      circuit.recordFailure(error)
      onError(operation, error)
      leave()
    }
    try {
      // An adapter may return a result without a promise, or throw before it returns one.
      Promise.resolve(call()).then(succeed, fail)
    } catch (error) {
      fail(error)
    }
  }
}

function busyError(name: string, limit: number): LarderError {
  return new LarderError(
    'STORE_BUSY',
    `${name} has ${limit} calls in flight or waiting; this one was not made.`,
  )
}

function openCircuitError(name: string): LarderError {
  return new LarderError(
    'STORE_OPEN_CIRCUIT',
    `${name} is not called while its circuit is open: its last calls failed or timed out.`,
  )
}

function timeoutError(name: string, operation: string, timeout: number): LarderError {
  return new LarderError(
    'STORE_TIMEOUT',
    `${name} did not answer ${operation} within ${timeout} ms (storeTimeout).`,
  )
}
