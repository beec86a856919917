import type { Clock } from '../contracts/clock'
import type { CircuitState } from '../contracts/events'
import { LarderError } from '../errors'
import { createCircuitBreaker } from './circuit-breaker'
import { createDeadlines } from './deadlines'

/** Limits on calls to a server. */
interface PolicyOptions {
  /** Names the policy in messages and events, such as `redis (log)`. */
  readonly name: string
  readonly clock: Clock
  /** Maximum duration of a call, in ms. */
  readonly timeout: number
  /** Consecutive failures that open the circuit. */
  readonly circuitThreshold: number
  /** How long an open circuit waits before it lets a trial call through, in ms. */
  readonly circuitPause: number
  /** Maximum calls in flight; further calls are rejected at once. */
  readonly maxInFlight: number
  onState(state: CircuitState): void
  onCall(operation: string, duration: number, ok: boolean): void
  onError(operation: string, error: unknown): void
}

/**
 * A resilience policy around a store, a log or leases elsewhere: a timeout per call, a circuit breaker and a bulkhead.
 * A failing, slow or frozen server then costs its callers a bounded time and bounded memory.
 */
export function createPolicy(options: PolicyOptions) {
  const { name, clock, timeout, onCall, onError } = options
  const circuit = createCircuitBreaker({
    clock,
    threshold: options.circuitThreshold,
    pause: options.circuitPause,
    onChange: options.onState,
  })
  const deadlines = createDeadlines(clock)
  let inFlight = 0

  function runGuarded<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const startedAt = clock.monotonic()
    inFlight += 1
    return new Promise<T>((resolve, reject) => {
      const deadline = deadlines.set(timeout, startedAt, () => fail(timeoutError(name, operation, timeout)))
      let isOver = false

      function finish(ok: boolean): void {
        isOver = true
        deadline.cancel()
        inFlight -= 1
        onCall(operation, clock.monotonic() - startedAt, ok)
      }
      function succeed(result: T): void {
        if (isOver) return
        resolve(result)
        finish(true)
        circuit.recordSuccess()
      }
      function fail(error: unknown): void {
        if (isOver) return
        reject(error)
        finish(false)
        circuit.recordFailure()
        onError(operation, error)
      }
      startCall(call).then(succeed, fail)
    })
  }

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
      if (inFlight >= options.maxInFlight) return Promise.reject(busyError(name, options.maxInFlight))
      if (!circuit.tryPass()) return Promise.reject(openCircuitError(name))
      return runGuarded(operation, call)
    },
  }
}

export type Policy = ReturnType<typeof createPolicy>

/** Turns an exception thrown before the call returns a promise into a rejection. */
async function startCall<T>(call: () => Promise<T>): Promise<T> {
  return call()
}

function busyError(name: string, maxInFlight: number): LarderError {
  return new LarderError('STORE_BUSY', `${name} has ${maxInFlight} calls in flight; this one was not made.`)
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
