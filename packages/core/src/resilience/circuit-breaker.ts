import { runOutsideContexts } from '../async-scope'
import type { Clock } from '../contracts/clock'
import type { CacheEvents, CircuitState } from '../contracts/events'

/** The beginning or the end of an outage. */
export type Outage = Omit<CacheEvents['circuit'], 'tier'>

/** When a circuit opens and how it closes again. */
interface CircuitBreakerOptions {
  readonly clock: Clock
  /** Consecutive failures that open the circuit. */
  readonly threshold: number
  /** How long the circuit stays open before one trial call is let through, in ms. */
  readonly pause: number
  /** The circuit has opened because of this failure: for the first time, or after a failed trial call. */
  onOpen(cause: unknown): void
  onOutage(outage: Outage): void
}

/**
 * A circuit breaker (Nygard, "Release It!"). After `threshold` consecutive failures it rejects every call; after `pause` ms
 * it lets one trial call through (half-open), whose outcome closes the circuit or opens it again.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions) {
  const { clock, threshold, pause, onOpen } = options
  const outages = createOutages(options)
  let state: CircuitState = 'closed'
  let failures = 0
  let openedAt = 0

  const isPauseOver = () => clock.monotonic() - openedAt >= pause
  const mayTry = () => state === 'open' && isPauseOver()

  return {
    /** An open circuit whose pause is over reads as half-open: the next call will be let through. */
    get state(): CircuitState {
      return mayTry() ? 'half-open' : state
    },
    /** Whether `tryPass` would let a call through. */
    mayPass: () => state === 'closed' || mayTry(),
    /** Whether a call may start now. Every call that starts must end with `recordSuccess` or `recordFailure`. */
    tryPass(): boolean {
      if (state === 'closed') return true
      if (!mayTry()) return false
      state = 'half-open'
      return true
    },
    recordSuccess(): void {
      failures = 0
      if (state === 'closed') return
      state = 'closed'
      outages.onClose()
    },
    recordFailure(cause: unknown): void {
      failures += 1
      if (state === 'closed' && failures < threshold) return
      openedAt = clock.monotonic()
      const previous = state
      state = 'open'
      if (previous === 'closed') outages.onOpen()
      if (previous !== 'open') onOpen(cause)
    },
  }
}

/**
 * Reports one event when an outage begins, and one when it has ended: when the circuit has been closed for `pause` ms. A
 * circuit that opens again before that is a flap of the same outage.
 */
function createOutages({ clock, pause, onOutage }: CircuitBreakerOptions) {
  let beganAt: number | undefined
  let closedAt: number | undefined
  let flaps = 0

  function endIfClosedSince(time: number): void {
    if (beganAt === undefined || closedAt !== time) return
    onOutage({ state: 'closed', duration: time - beganAt, flaps })
    beganAt = undefined
    flaps = 0
  }

  return {
    onOpen(): void {
      closedAt = undefined
      if (beganAt !== undefined) {
        flaps += 1
        return
      }
      beganAt = clock.monotonic()
      onOutage({ state: 'open', duration: 0, flaps: 0 })
    },
    onClose(): void {
      const time = clock.monotonic()
      closedAt = time
      runOutsideContexts(() => clock.background(pause, () => endIfClosedSince(time)))
    },
  }
}
