import type { Clock, InvalidationLog, Leases, SharedTier, Store } from '@larder/core'

/** What happens to calls of one part of a store. */
export interface Faults {
  /**
   * `work`: nothing. `fail`: they reject and nothing is done. `lose`: they are done, and reject. `hang`: they are not
   * done, and never settle.
   */
  mode: 'work' | 'fail' | 'lose' | 'hang'
  /** How much later they are done, in ms. */
  latency: number
  /** How much later than that their answers come, in ms. */
  lateness: number
}

/** A store whose parts can be made to fail at any time, and what makes them. */
export interface FaultyStore {
  readonly store: Store
  readonly entries: Faults
  readonly log: Faults
  readonly leases: Faults
  /** Pushed messages of the log get lost. */
  isDeaf: boolean
  /** Rejects every call that is under way, as a lost connection does. */
  disconnect(): void
  /** Removes an entry, as an eviction does. */
  evict(key: string): Promise<void>
}

/**
 * Puts faults between a cache and any store. A local tier is in the process and does not fail.
 *
 * @example
 * ```ts
 * const faulty = faultyStore(redisStore({ url }))
 * const cache = createCache({ name: 'shop', store: faulty.store })
 * faulty.log.mode = 'lose' // invalidations arrive, and their answers do not
 * ```
 */
export function faultyStore(store: Store): FaultyStore {
  const entries: Faults = { mode: 'work', latency: 0, lateness: 0 }
  const log: Faults = { mode: 'work', latency: 0, lateness: 0 }
  const leases: Faults = { mode: 'work', latency: 0, lateness: 0 }
  const tiers = new Set<SharedTier>()
  let drops = new Set<(reason: Error) => void>()

  /** One call under the faults of its part. */
  async function suffer<T>(clock: Clock, faults: Faults, work: () => Promise<T>): Promise<T> {
    const { mode, latency, lateness } = faults
    await pass(clock, latency)
    if (mode === 'fail') throw new Error('The call was made to fail.')
    const answer = await work()
    await pass(clock, lateness)
    if (mode === 'lose') throw new Error('The answer was lost.')
    return answer
  }

  /** A call as its caller sees it, who may lose the connection meanwhile. */
  function call<T>(clock: Clock, faults: Faults, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const underWay = drops.add(reject)
      if (faults.mode === 'hang') return
      suffer(clock, faults, work)
        .then(resolve, reject)
        .finally(() => underWay.delete(reject))
    })
  }

  function faultyTier(tier: SharedTier, clock: Clock): SharedTier {
    tiers.add(tier)
    return {
      ...tier,
      get: (keys) => call(clock, entries, () => tier.get(keys)),
      set: (writes) => call(clock, entries, () => tier.set(writes)),
      delete: (keys, position, keepFor) => call(clock, entries, () => tier.delete(keys, position, keepFor)),
    }
  }

  function faultyLog(own: InvalidationLog, clock: Clock): InvalidationLog {
    return {
      immediate: own.immediate,
      sync: (after) => call(clock, log, () => own.sync(after)),
      append: (records, after) => call(clock, log, () => own.append(records, after)),
      reissue: (records, lost, window) => call(clock, log, () => own.reissue(records, lost, window)),
      forgetKeys: (records) => call(clock, log, () => own.forgetKeys(records)),
      follow: (onMessage, onDoubt) =>
        own.follow((message) => {
          if (!faulty.isDeaf) onMessage(message)
        }, onDoubt),
    }
  }

  function faultyLeases(own: Leases, clock: Clock): Leases {
    return { ...own, acquire: (request) => call(clock, leases, () => own.acquire(request)) }
  }

  const faulty: FaultyStore = {
    entries,
    log,
    leases,
    isDeaf: false,
    disconnect() {
      const lost = drops
      drops = new Set()
      for (const reject of lost) reject(new Error('The connection was lost.'))
    },
    async evict(key) {
      await Promise.all([...tiers].map((tier) => tier.delete([key], Number.MAX_SAFE_INTEGER, 0)))
    },
    store: {
      open(context) {
        const opened = store.open(context)
        const { clock } = context
        return {
          ...opened,
          shared: opened.shared.map((tier) => faultyTier(tier, clock)),
          log: opened.log && faultyLog(opened.log, clock),
          leases: opened.leases && faultyLeases(opened.leases, clock),
        }
      },
    },
  }
  return faulty
}

function pass(clock: Clock, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void clock.timeout(ms, resolve))
}
