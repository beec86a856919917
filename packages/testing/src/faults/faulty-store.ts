import {
  type Clock,
  type InvalidationLog,
  type Leases,
  objectKind,
  type SharedTier,
  type Store,
} from '@larder/core'

/** The faults of one part of a store. Change them at any time; they apply to calls that start afterwards. */
export interface Faults {
  /**
   * `work`: calls succeed. `fail`: calls reject without an effect. `lose`: calls take effect, but their reply is lost and
   * they reject. `hang`: calls have no effect and never settle.
   */
  mode: 'work' | 'fail' | 'lose' | 'hang'
  /** Delay before a call takes effect, in ms. */
  requestLatency: number
  /** Delay between its effect and its reply, in ms. */
  replyLatency: number
}

/** A store with fault injection, and the controls of its faults. */
export interface FaultyStore {
  readonly store: Store
  readonly entries: Faults
  readonly log: Faults
  readonly leases: Faults
  /** Whether pushed messages of the log are lost. */
  dropsMessages: boolean
  /** Rejects every pending call, as a lost connection does. */
  disconnect(): void
  /** Removes an entry from all shared tiers, as an eviction does. */
  evictEntry(key: string): Promise<void>
}

const storeKind = objectKind('redisStore({ url })', 'open')

/**
 * Injects faults between a cache and any store. A local tier is in the process and never fails.
 *
 * @example
 * ```ts
 * const faulty = faultyStore(redisStore({ url }))
 * const cache = createCache({ name: 'shop', store: faulty.store })
 * faulty.log.mode = 'lose' // invalidations take effect, but their replies are lost
 * ```
 * @throws LarderError `BAD_OPTION` for anything but a store.
 */
export function faultyStore(store: Store): FaultyStore {
  storeKind(store, 'faultyStore: the store')
  const entries: Faults = { mode: 'work', requestLatency: 0, replyLatency: 0 }
  const log: Faults = { mode: 'work', requestLatency: 0, replyLatency: 0 }
  const leases: Faults = { mode: 'work', requestLatency: 0, replyLatency: 0 }
  const tiers = new Set<SharedTier>()
  const calls = createFaultyCalls()

  const faulty: FaultyStore = {
    entries,
    log,
    leases,
    dropsMessages: false,
    disconnect: calls.rejectPending,
    async evictEntry(key) {
      await Promise.all([...tiers].map((tier) => tier.delete([key], Number.MAX_SAFE_INTEGER, 0)))
    },
    store: {
      open(context) {
        const opened = store.open(context)
        // Without a log, a store has no shared tiers either: there are no calls that could fail.
        if (opened.log === undefined) return opened
        const callWith = (faults: Faults): Call => calls.callUnder(faults, context.clock)
        for (const tier of opened.shared) tiers.add(tier)
        return {
          local: opened.local,
          shared: opened.shared.map((tier) => wrapTier(tier, callWith(entries))),
          log: wrapLog(opened.log, callWith(log), () => faulty.dropsMessages),
          leases: opened.leases && wrapLeases(opened.leases, callWith(leases)),
          close: () => opened.close(),
        }
      },
    },
  }
  return faulty
}

/** Runs one call of a store. */
type Call = <T>(work: () => Promise<T>) => Promise<T>

/** Calls under faults, and the connection that all of them share. */
function createFaultyCalls() {
  let pendingRejects = new Set<(reason: Error) => void>()
  return {
    callUnder:
      (faults: Faults, clock: Clock): Call =>
      (work) =>
        new Promise((resolve, reject) => {
          const pendingAtCall = pendingRejects.add(reject)
          if (faults.mode === 'hang') return
          applyFaults(clock, faults, work)
            .then(resolve, reject)
            .finally(() => pendingAtCall.delete(reject))
        }),
    rejectPending(): void {
      const lost = pendingRejects
      pendingRejects = new Set()
      for (const reject of lost) reject(new Error('The connection was lost.'))
    },
  }
}

/** Delays the call and its reply, and makes it fail. */
async function applyFaults<T>(clock: Clock, faults: Faults, work: () => Promise<T>): Promise<T> {
  const { mode, requestLatency, replyLatency } = faults
  await waitFor(clock, requestLatency)
  if (mode === 'fail') throw new Error('Injected fault: the call failed.')
  const answer = await work()
  await waitFor(clock, replyLatency)
  if (mode === 'lose') throw new Error('Injected fault: the reply was lost.')
  return answer
}

function wrapTier(tier: SharedTier, call: Call): SharedTier {
  // Each member by name, because methods of a class instance are not its own properties.
  return {
    name: tier.name,
    maxTtl: tier.maxTtl,
    createCodec: tier.createCodec,
    compressor: tier.compressor,
    place: tier.place,
    scan:
      tier.scan && ((cursor, count) => tier.scan?.(cursor, count) ?? Promise.reject(new Error('No scan.'))),
    reset: () => tier.reset(),
    get: (keys) => call(() => tier.get(keys)),
    set: (writes) => call(() => tier.set(writes)),
    delete: (keys, position, keepFor) => call(() => tier.delete(keys, position, keepFor)),
  }
}

function wrapLog(log: InvalidationLog, call: Call, dropsMessages: () => boolean): InvalidationLog {
  return {
    immediate: log.immediate,
    sync: (after) => call(() => log.sync(after)),
    append: (records, after) => call(() => log.append(records, after)),
    reissue: (records, target) => call(() => log.reissue(records, target)),
    forgetKeys: (records) => call(() => log.forgetKeys(records)),
    follow: (onMessage, onDoubt) =>
      log.follow((message) => {
        if (!dropsMessages()) onMessage(message)
      }, onDoubt),
  }
}

function wrapLeases(leases: Leases, call: Call): Leases {
  return {
    acquire: (request) => call(() => leases.acquire(request)),
    onRelease: (key, listener) => leases.onRelease(key, listener),
  }
}

function waitFor(clock: Clock, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void clock.timeout(ms, resolve))
}
