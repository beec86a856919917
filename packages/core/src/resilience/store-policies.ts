import type { Settings } from '../cache-options'
import type { CacheEvents } from '../contracts/events'
import type { InvalidationLog } from '../contracts/log'
import { LarderError } from '../errors'
import type { Recorder } from '../telemetry/recorder'
import type { Tracing } from '../telemetry/tracing'
import { createPolicy, type Policy } from './policy'

/** Dependencies of the policies of a cache. */
interface StorePoliciesOptions {
  readonly settings: Settings
  readonly recorder: Recorder
  readonly tracing: Tracing
  /** Replaces the connections of the shared tiers. */
  resetTiers(): void
}

type Operation = CacheEvents['store']['operation']

/** Consecutive failures that open the circuit around a store. */
const circuitThreshold = 5
/** Maximum reads of one store in flight, and maximum other calls: enough to keep a server busy that is 10 ms away. */
const maxInFlight = 500
/** Maximum calls of each kind that wait for their turn. */
const maxWaiting = 100_000

/**
 * Creates the policies of a cache: one for the entries of each tier, one for the log, one for the leases. Each has its own
 * circuit breaker and bulkhead, so that they fail independently.
 */
export function createStorePolicies(options: StorePoliciesOptions) {
  const { settings, recorder, tracing, resetTiers } = options
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
        maxWaiting,
        onOpen(cause) {
          // Only silence needs a new connection: its replies may never come. A server that replies with errors is connected.
          if (isTimeout(cause)) resetTiers()
        },
        onOutage: (outage) => recorder.circuit({ tier: name, ...outage }),
        onCall: (operation, duration, ok) => recorder.store(tier, operation as Operation, duration, ok),
        onError: (operation, error) => recorder.error(`${tier} ${operation}`, error),
      })
      policies.push(policy)
      return tracePolicy(policy, tier, tracing)
    },
    listStates: () => policies.map(({ name, state }) => ({ name, state })),
  }
}

/** The policy with a span for each of its calls; without tracing, the policy itself. */
function tracePolicy(policy: Policy, tier: string, { traceStoreCall }: Tracing): Policy {
  if (traceStoreCall === undefined) return policy
  return {
    name: policy.name,
    get state() {
      return policy.state
    },
    execute: (operation, call) => traceStoreCall(tier, operation, () => policy.execute(operation, call)),
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof LarderError && error.code === 'STORE_TIMEOUT'
}

/** The log with every call executed under a policy. */
export function guardLog(log: InvalidationLog, policy: Policy): InvalidationLog {
  return {
    immediate: log.immediate,
    sync: (after) => policy.execute('log', () => log.sync(after)),
    append: (invalidations, after) => policy.execute('log', () => log.append(invalidations, after)),
    reissue: (invalidations, target) => policy.execute('log', () => log.reissue(invalidations, target)),
    forgetKeys: (records) => policy.execute('log', () => log.forgetKeys(records)),
    follow: (onMessage, onDoubt) => log.follow(onMessage, onDoubt),
  }
}
