import type { Settings } from './cache-options'
import type { InvalidationLog } from './contracts/log'
import { createGate, type Gate } from './faults/gate'
import type { Emitter } from './telemetry/emitter'
import type { CacheEvents } from './telemetry/events'

/** What the gates of a cache are made of. */
export interface GatesOptions {
  readonly settings: Settings
  readonly emitter: Emitter
  report(operation: string, error: unknown): void
  /** Replaces the connections of the shared tiers. */
  reset(): void
}

type Operation = CacheEvents['store']['operation']

/** Failures in a row that open the circuit around a store. */
const circuitThreshold = 5
/** Calls of one store under way at most. */
const maxInFlight = 2_000

/** The gates of a cache: one for the entries of each tier, one for the log, one for the leases. They fail apart. */
export function createGates({ settings, emitter, report, reset }: GatesOptions) {
  const gates: Gate[] = []

  return {
    to(tier: string, kind: 'entries' | 'log' | 'leases'): Gate {
      const name = `${tier} (${kind})`
      const gate = createGate({
        name,
        clock: settings.clock,
        timeout: settings.storeTimeout,
        circuitThreshold,
        circuitPause: settings.circuitPause,
        maxInFlight,
        onState(state) {
          // Calls that time out may have lost their answers, and then every later answer belongs to another question.
          if (state === 'open') reset()
          if (emitter.listens('circuit')) emitter.emit('circuit', { tier: name, state })
        },
        onCall(operation, duration, ok) {
          if (emitter.listens('store'))
            emitter.emit('store', { tier, operation: operation as Operation, duration, ok })
        },
        onError: (operation, error) => report(`${tier} ${operation}`, error),
      })
      gates.push(gate)
      return gate
    },
    states: () => gates.map(({ name, state }) => ({ name, state })),
  }
}

/** Every call of the log goes through the gate. */
export function gatedLog(log: InvalidationLog, gate: Gate): InvalidationLog {
  return {
    immediate: log.immediate,
    sync: (after) => gate.run('log', () => log.sync(after)),
    append: (invalidations, after) => gate.run('log', () => log.append(invalidations, after)),
    reissue: (invalidations, lost, window) => gate.run('log', () => log.reissue(invalidations, lost, window)),
    forgetKeys: (records) => gate.run('log', () => log.forgetKeys(records)),
    follow: (onMessage, onDoubt) => log.follow(onMessage, onDoubt),
  }
}
