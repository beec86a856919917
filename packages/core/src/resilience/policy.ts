import type { Clock } from '../contracts/clock'
import type { CircuitState } from '../contracts/stats'
import { LarderError } from '../errors'
import { createCircuitBreaker } from './circuit-breaker'
import { createDeadlines } from './deadlines'

/** How calls to something outside this process are limited. */
export interface PolicyOptions {
  readonly name: string
  readonly clock: Clock
  /** No call takes longer, in ms. */
  readonly timeout: number
  /** Failures in a row that open the circuit. */
  readonly circuitThreshold: number
  /** How long an open circuit waits before it tries again, in ms. */
  readonly circuitPause: number
  /** Calls under way at most; more are refused at once. */
  readonly maxInFlight: number
  onState(state: CircuitState): void
  onCall(operation: string, duration: number, ok: boolean): void
  onError(operation: string, error: unknown): void
}

/**
 * The way to a store, a log or leases elsewhere: a deadline for every call, a circuit breaker around them, and a
 * limit on how many can hang at the same time. So a failing, slow or frozen server costs a bounded time.
 */
export function createPolicy(options: PolicyOptions) {
  const { name, clock, timeout } = options
  const circuit = createCircuitBreaker({
    clock,
    threshold: options.circuitThreshold,
    pause: options.circuitPause,
    onChange: options.onState,
  })
  const deadlines = createDeadlines(clock)
  let inFlight = 0

  return {
    name,
    get state() {
      return circuit.state
    },
    /**
     * Runs one call. A result that comes after the deadline is dropped.
     * @throws LarderError `STORE_OPEN_CIRCUIT`, `STORE_TIMEOUT`, or whatever the call rejects with.
     */
    execute<T>(operation: string, call: () => Promise<T>): Promise<T> {
      if (inFlight >= options.maxInFlight || !circuit.tryPass()) return Promise.reject(refused(name))
      const startedAt = clock.monotonic()
      inFlight += 1
      return new Promise<T>((resolve, reject) => {
        const deadline = deadlines.set(timeout, startedAt, () => fail(timedOut(name, operation, timeout)))
        let isOver = false

        function end(ok: boolean): void {
          isOver = true
          deadline.cancel()
          inFlight -= 1
          options.onCall(operation, clock.monotonic() - startedAt, ok)
        }
        function succeed(result: T): void {
          if (isOver) return
          resolve(result)
          end(true)
          circuit.recordSuccess()
        }
        function fail(error: unknown): void {
          if (isOver) return
          reject(error)
          end(false)
          circuit.recordFailure()
          options.onError(operation, error)
        }
        attempt(call).then(succeed, fail)
      })
    },
  }
}

export type Policy = ReturnType<typeof createPolicy>

/** A call that throws before it returns a promise is a rejected one. */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  return call()
}

function refused(name: string): LarderError {
  return new LarderError(
    'STORE_OPEN_CIRCUIT',
    `${name} is not asked for now: its last calls failed or still hang.`,
  )
}

function timedOut(name: string, operation: string, timeout: number): LarderError {
  return new LarderError(
    'STORE_TIMEOUT',
    `${name} did not answer ${operation} within ${timeout} ms (storeTimeout).`,
  )
}
