import type { Settings } from '../cache-options'
import type { CacheEvents } from '../contracts/events'
import type { InvalidationLog } from '../contracts/log'
import type { Emitter } from '../telemetry/emitter'
import { createPolicy, type Policy } from './policy'

/** What the policies of a cache are made of. */
export interface StorePoliciesOptions {
  readonly settings: Settings
  readonly emitter: Emitter
  report(operation: string, error: unknown): void
  /** Replaces the connections of the shared tiers. */
  resetTiers(): void
}

type Operation = CacheEvents['store']['operation']

/** Failures in a row that open the circuit around a store. */
const circuitThreshold = 5
/** Calls of one store under way at most. */
const maxInFlight = 2_000

/** The policies of a cache: one for the entries of each tier, one for the log, one for the leases. They fail apart. */
export function createStorePolicies({ settings, emitter, report, resetTiers: reset }: StorePoliciesOptions) {
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
          // Calls that time out may have lost their answers, and then every later answer belongs to another question.
          if (state === 'open') reset()
          if (emitter.hasListeners('circuit')) emitter.emit('circuit', { tier: name, state })
        },
        onCall(operation, duration, ok) {
          if (emitter.hasListeners('store'))
            emitter.emit('store', { tier, operation: operation as Operation, duration, ok })
        },
        onError: (operation, error) => report(`${tier} ${operation}`, error),
      })
      policies.push(policy)
      return policy
    },
    listStates: () => policies.map(({ name, state }) => ({ name, state })),
  }
}

/** Every call of the log goes through the policy. */
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
