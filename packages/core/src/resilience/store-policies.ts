import type { Settings } from '../cache-options'
import type { CacheEvents } from '../contracts/events'
import type { InvalidationLog } from '../contracts/log'
import type { Emitter } from '../telemetry/emitter'
import { createPolicy, type Policy } from './policy'

/** Dependencies of the policies of a cache. */
export interface StorePoliciesOptions {
  readonly settings: Settings
  readonly emitter: Emitter
  reportError(operation: string, error: unknown): void
  /** Replaces the connections of the shared tiers. */
  resetTiers(): void
}

type Operation = CacheEvents['store']['operation']

/** Consecutive failures that open the circuit around a store. */
const circuitThreshold = 5
/** Maximum calls of one store in flight. */
const maxInFlight = 2_000

/**
 * Creates the policies of a cache: one for the entries of each tier, one for the log, one for the leases. Each has its own
 * circuit breaker and bulkhead, so that they fail independently.
 */
export function createStorePolicies(options: StorePoliciesOptions) {
  const { settings, emitter, reportError, resetTiers } = options
  const policies: Policy[] = []

  return {
    policyFor(tier: string, kind: 'entries' | 'log' | 'leases'): Policy {
      const name = `${tier} (${kind})`
      const policy = createPolicy({
        name,
        clock: settings.clock,
        timeout: settings.storeTimeout,
        circuitThreshold,
        circuitPause: settings.circuitPause,
        maxInFlight,
        onState(state) {
          // Replies of calls that timed out may still arrive and would be matched to later calls: start on a new connection.
          if (state === 'open') resetTiers()
          if (emitter.hasListeners('circuit')) emitter.emit('circuit', { tier: name, state })
        },
        onCall(operation, duration, ok) {
          if (emitter.hasListeners('store'))
            emitter.emit('store', { tier, operation: operation as Operation, duration, ok })
        },
        onError: (operation, error) => reportError(`${tier} ${operation}`, error),
      })
      policies.push(policy)
      return policy
    },
    listStates: () => policies.map(({ name, state }) => ({ name, state })),
  }
}

/** The log with every call executed under a policy. */
export function guardLog(log: InvalidationLog, policy: Policy): InvalidationLog {
  return {
    immediate: log.immediate,
    sync: (after) => policy.execute('log', () => log.sync(after)),
    append: (invalidations, after) => policy.execute('log', () => log.append(invalidations, after)),
    reissue: (invalidations, lost, window) =>
      policy.execute('log', () => log.reissue(invalidations, lost, window)),
    forgetKeys: (records) => policy.execute('log', () => log.forgetKeys(records)),
    follow: (onMessage, onDoubt) => log.follow(onMessage, onDoubt),
  }
}
