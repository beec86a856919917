import type { Clock } from '../contracts/clock'
import type { CircuitState } from '../contracts/events'

/** When a circuit opens and how it closes again. */
interface CircuitBreakerOptions {
  readonly clock: Clock
  /** Consecutive failures that open the circuit. */
  readonly threshold: number
  /** How long the circuit stays open before one trial call is let through, in ms. */
  readonly pause: number
  onChange(state: CircuitState): void
}

/**
 * A circuit breaker (Nygard, "Release It!"). After `threshold` consecutive failures it rejects every call; after `pause` ms
 * it lets one trial call through (half-open), whose outcome closes the circuit or opens it again.
 */
export function createCircuitBreaker({ clock, threshold, pause, onChange }: CircuitBreakerOptions) {
  let state: CircuitState = 'closed'
  let failures = 0
  let openedAt = 0

  function changeState(next: CircuitState): void {
    if (state === next) return
    state = next
    onChange(next)
  }

  const isPauseOver = () => clock.monotonic() - openedAt >= pause

  return {
    /** An open circuit whose pause is over reads as half-open: the next call will be let through. */
    get state(): CircuitState {
      return state === 'open' && isPauseOver() ? 'half-open' : state
    },
    /** Whether a call may start now. Every call that starts must end with `recordSuccess` or `recordFailure`. */
    tryPass(): boolean {
      if (state === 'closed') return true
      if (state === 'half-open' || !isPauseOver()) return false
      changeState('half-open')
      return true
    },
    recordSuccess(): void {
      failures = 0
      changeState('closed')
    },
    recordFailure(): void {
      failures += 1
      if (state !== 'half-open' && failures < threshold) return
      openedAt = clock.monotonic()
      changeState('open')
    },
  }
}
