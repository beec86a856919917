import { describeValue } from '../arguments/describe-value'
import type { Clock } from '../contracts/clock'
import type { CacheEvents } from '../contracts/events'
import type { Invalidation } from '../contracts/log'
import type { AuditOutcome } from '../contracts/operation'
import type { CacheStats } from '../contracts/stats'
import type { Part } from '../entry/find-part'
import { LarderError } from '../errors'
import { type Counters, createCounters } from './counters'
import type { Emitter } from './emitter'
import { errorMessageOf } from './error-message'
import { createComputeRecorder, createReadRecorder } from './read-recorder'
import { type StatsOptions, snapshotStats } from './snapshot-stats'
import { createWarnings } from './warnings'

/**
 * Counts and emits everything that happens in a cache: no other code touches counters or emits events. Each method counts
 * first, and creates the event only if there is a listener for it.
 */
export function createRecorder(
  cache: string,
  emitter: Emitter,
  clock: Clock,
  print: (warning: string) => void,
) {
  const counters = createCounters()
  const { printOnce, ...warnings } = createWarnings(cache, emitter, print)

  /** A failure that is reported to no caller. */
  function error(operation: string, failure: unknown): void {
    counters.events.errors += 1
    if (emitter.hasListeners('error')) emitter.emit('error', { operation, error: failure })
    if (operation === 'connection') printOnce(operation, `the store failed: ${errorMessageOf(failure)}.`)
  }

  return {
    ...createReadRecorder(emitter, clock),
    ...createComputeRecorder(emitter, clock),
    ...createStoreRecorder(emitter, counters),
    ...createLogRecorder(emitter, counters),
    ...warnings,

    error,

    /** A value was not written to a shared tier, and stays in memory only. Warns once per function. */
    unwritten(key: string, tier: string, cause: unknown): void {
      if (!(cause instanceof LarderError)) {
        error('write', cause)
        return
      }
      const message = `the value of "${key}" is not written to ${tier}, so other processes do not have it: ${cause.message}`
      warnings.warnOnce(`unwritten ${functionOf(key)}`, message)
    },

    /** An instance was stored that loses its class in shared stores. Warns once per function. */
    lostClass(key: string, { path, part }: Part): void {
      const place = path === '' ? `the value of "${key}"` : `${path} in the value of "${key}"`
      const advice = 'register it (types: [{ class, encode, decode }]) or return plain data'
      const message = `${place} is ${describeValue(part)} and would come back from a shared store without its class: ${advice}.`
      warnings.warnOnce(`class ${functionOf(key)}`, message)
    },

    /** A value is returned and not stored, because of a mistake of the application. Warns once per function. */
    unstorable(key: string, error: unknown): void {
      const message = `the value of "${key}" is returned but not stored: ${errorMessageOf(error)}`
      warnings.warnOnce(`unstorable ${functionOf(key)}`, message)
    },

    /** A computation has lost its place, because it goes on after its hard timeout. Warns once per function. */
    overdue(key: string, hardTimeout: number): void {
      const message = `computing "${key}" took longer than ${hardTimeout} ms (hardTimeout), and lost its place (maxConcurrentComputes). Hand ctx.signal to what it waits for.`
      warnings.warnOnce(`overdue ${functionOf(key)}`, message)
    },

    countsOf: counters.functions.countsOf,

    /** A copy of the counters, with the gauges of this moment. */
    snapshot: (options: Omit<StatsOptions, 'now'>): CacheStats =>
      snapshotStats(counters, { ...options, now: clock.monotonic() }),
  }
}

export type Recorder = ReturnType<typeof createRecorder>

/** The part of a key that all values of one function share: `user` of `user(7)` and of `user:7`. */
function functionOf(key: string): string {
  return key.split(/[(:]/, 1)[0] ?? key
}

function createStoreRecorder(emitter: Emitter, { events }: Counters) {
  return {
    unreadable(event: CacheEvents['unreadable']): void {
      events.unreadable += 1
      if (emitter.hasListeners('unreadable')) emitter.emit('unreadable', event)
    },

    evict(key: string, tier: string): void {
      events.evictions += 1
      if (emitter.hasListeners('evict')) emitter.emit('evict', { key, tier })
    },

    /** An audit has looked at an entry that does not differ from its source, as far as it could be compared. */
    audited(outcome: Exclude<AuditOutcome, 'different'>): void {
      events.audited[outcome] += 1
    },

    /** An audit found an entry that differs from its source. */
    mismatch(event: CacheEvents['mismatch']): void {
      events.audited.different += 1
      if (emitter.hasListeners('mismatch')) emitter.emit('mismatch', event)
    },

    /** A call of a shared store has ended. */
    store(tier: string, operation: StoreOperation, duration: number, ok: boolean): void {
      if (emitter.hasListeners('store')) emitter.emit('store', { tier, operation, duration, ok })
    },

    /** An outage of a part of a store begins, or has ended. */
    circuit(event: CacheEvents['circuit']): void {
      if (emitter.hasListeners('circuit')) emitter.emit('circuit', event)
    },
  }
}

function createLogRecorder(emitter: Emitter, { events }: Counters) {
  return {
    /** This process invalidated something. */
    invalidate(invalidations: readonly Invalidation[], outcome: InvalidateOutcome): void {
      events.invalidations[outcome] += 1
      const [first] = invalidations
      if (first === undefined || !emitter.hasListeners('invalidate')) return
      const names = invalidations.map(({ name }) => name)
      emitter.emit('invalidate', { scope: first.scope, mode: first.mode, names, outcome })
    },

    /** Records of other processes were applied. */
    apply(event: CacheEvents['apply']): void {
      events.follows += 1
      if (emitter.hasListeners('apply')) emitter.emit('apply', event)
    },

    sync(event: CacheEvents['sync']): void {
      events.syncs[event.ok ? 'ok' : 'failed'] += 1
      if (emitter.hasListeners('sync')) emitter.emit('sync', event)
    },

    diverged(event: CacheEvents['diverged']): void {
      events.diverged += 1
      if (emitter.hasListeners('diverged')) emitter.emit('diverged', event)
    },
  }
}

type StoreOperation = CacheEvents['store']['operation']
type InvalidateOutcome = CacheEvents['invalidate']['outcome']
