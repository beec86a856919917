import type { Clock } from '../contracts/clock'
import type { CircuitState } from '../contracts/stats'

/** When a circuit opens and how it closes again. */
export interface CircuitBreakerOptions {
  readonly clock: Clock
  /** Failures in a row that open it. */
  readonly threshold: number
  /** How long it stays open before one call may try again, in ms. */
  readonly pause: number
  onChange(state: CircuitState): void
}

/**
 * Stops asking a store that keeps failing. Open, it lets nothing through; after a pause one call goes
 * ahead (half-open), and its outcome decides for the others.
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
    /** An open circuit whose pause is over is as good as half open: the next call goes ahead. */
    get state(): CircuitState {
      return state === 'open' && isPauseOver() ? 'half-open' : state
    },
    /** Whether a call may go ahead now. Whoever is let through reports `succeeded` or `failed`. */
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
