import { describeValue } from '../arguments/describe-value'
import type { Clock } from '../contracts/clock'
import type { CacheEvents, FillOutcome, MissReason } from '../contracts/events'
import type { Invalidation } from '../contracts/log'
import type { CacheStats, Gauges } from '../contracts/stats'
import type { Part } from '../entry/find-part'
import type { LocalEntry } from '../entry/local-entry'
import { LarderError } from '../errors'
import { type Counters, createCounters, hitsOf, snapshotStats } from './counters'
import { type Emitter, isObserved } from './emitter'
import { errorMessageOf } from './error-message'
import { createWarnings } from './warnings'

/**
 * Counts and emits everything that happens in a cache: no other code touches counters or emits events. Each method counts
 * first, and creates the event only if there is a listener for it.
 */
export function createRecorder(cache: string, emitter: Emitter, clock: Clock) {
  const counters = createCounters()
  const warnings = createWarnings(cache, emitter)

  /** A failure that is reported to no caller. */
  function error(operation: string, failure: unknown): void {
    counters.errors += 1
    if (emitter.hasListeners('error')) emitter.emit('error', { operation, error: failure })
    else if (operation === 'connection')
      warnings.warnOnce(operation, `the store failed: ${errorMessageOf(failure)}.`)
  }

  return {
    ...createReadRecorder(emitter, counters, clock),
    ...createComputeRecorder(emitter, counters, clock),
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

    /** A copy of the counters, with the gauges of this moment. */
    snapshot: (gauges: Gauges): CacheStats => snapshotStats(counters, gauges),
  }
}

export type Recorder = ReturnType<typeof createRecorder>

/** The part of a key that all values of one function share: `user` of `user(7)` and of `user:7`. */
function functionOf(key: string): string {
  return key.split(/[(:]/, 1)[0] ?? key
}

function createReadRecorder(emitter: Emitter, counters: Counters, clock: Clock) {
  const hitTopic = emitter.topicOf('hit')

  function emitHit({ key, createdAt }: LocalEntry, tier: string, now: number): void {
    emitter.emit('hit', { key, tier, age: now - createdAt })
  }

  return {
    /** A fresh value was served. `now` is the time on the log's clock. */
    hit(entry: LocalEntry, tier: string, now: number): void {
      hitsOf(counters, tier).count += 1
      if (isObserved(hitTopic)) emitHit(entry, tier, now)
    },

    /** `hit` for one tier without a lookup by name, for the fast path. */
    hitRecorderOf(tier: string): (entry: LocalEntry, now: number) => void {
      const tally = hitsOf(counters, tier)
      return (entry, now) => {
        tally.count += 1
        if (isObserved(hitTopic)) emitHit(entry, tier, now)
      }
    },

    stale({ key, createdAt }: LocalEntry, tier: string, reason: StaleReason, now: number): void {
      counters.stale += 1
      if (emitter.hasListeners('stale')) emitter.emit('stale', { key, tier, age: now - createdAt, reason })
    },

    miss(key: string, reason: MissReason): void {
      counters.misses += 1
      if (emitter.hasListeners('miss')) emitter.emit('miss', { key, reason })
    },

    /** A caller joins the flight of another. */
    join(): void {
      counters.joins += 1
    },

    /** A caller that joined a flight has its result. `startedAt`: when it began to wait, on the monotonic clock. */
    joined(key: string, startedAt: number): void {
      if (emitter.hasListeners('join')) emitter.emit('join', { key, duration: clock.monotonic() - startedAt })
    },
  }
}

function createComputeRecorder(emitter: Emitter, counters: Counters, clock: Clock) {
  return {
    /** A computation has ended. `startedAt` is on the monotonic clock. */
    compute(key: string, outcome: ComputeOutcome, background: boolean, startedAt: number): void {
      counters.computes[outcome] += 1
      if (!emitter.hasListeners('compute')) return
      emitter.emit('compute', { key, duration: clock.monotonic() - startedAt, outcome, background })
    },

    fill(key: string, outcome: FillOutcome): void {
      counters.fills[outcome] += 1
      if (emitter.hasListeners('fill')) emitter.emit('fill', { key, outcome })
    },

    /** A computation in the background starts. */
    refresh(): void {
      counters.refreshes += 1
    },
  }
}

function createStoreRecorder(emitter: Emitter, counters: Counters) {
  return {
    write(key: string, tier: string, bytes: number): void {
      if (emitter.hasListeners('write')) emitter.emit('write', { key, tier, bytes })
    },

    unreadable(event: CacheEvents['unreadable']): void {
      counters.unreadable += 1
      if (emitter.hasListeners('unreadable')) emitter.emit('unreadable', event)
    },

    evict(key: string, tier: string): void {
      counters.evictions += 1
      if (emitter.hasListeners('evict')) emitter.emit('evict', { key, tier })
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

function createLogRecorder(emitter: Emitter, counters: Counters) {
  return {
    /** This process invalidated something. */
    invalidate(invalidations: readonly Invalidation[], outcome: InvalidateOutcome): void {
      counters.invalidations[outcome] += 1
      const [first] = invalidations
      if (first === undefined || !emitter.hasListeners('invalidate')) return
      const names = invalidations.map(({ name }) => name)
      emitter.emit('invalidate', { scope: first.scope, mode: first.mode, names, outcome })
    },

    /** Records that the log pushed were applied. */
    apply(event: CacheEvents['apply']): void {
      counters.follows += 1
      if (emitter.hasListeners('apply')) emitter.emit('apply', event)
    },

    sync(event: CacheEvents['sync']): void {
      counters.syncs[event.ok ? 'ok' : 'failed'] += 1
      if (emitter.hasListeners('sync')) emitter.emit('sync', event)
    },

    diverged(event: CacheEvents['diverged']): void {
      counters.diverged += 1
      if (emitter.hasListeners('diverged')) emitter.emit('diverged', event)
    },
  }
}

type StaleReason = CacheEvents['stale']['reason']
type ComputeOutcome = CacheEvents['compute']['outcome']
type StoreOperation = CacheEvents['store']['operation']
type InvalidateOutcome = CacheEvents['invalidate']['outcome']
