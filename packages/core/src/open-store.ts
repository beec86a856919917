import { runOutsideContexts } from './async-scope'
import type { CacheOptions, Settings } from './cache-options'
import { createCodecs } from './codecs'
import type { OpenStore } from './contracts/store'
import { LarderError } from './errors'
import type { Recorder } from './telemetry/recorder'

/** Opens the store of a cache and creates the codecs of its shared tiers. @throws after closing the store, if a tier is refused. */
export function openStore(options: CacheOptions, settings: Settings, recorder: Recorder) {
  // Set after opening: a local tier may already evict while it is being opened.
  let localName = ''
  const opened = options.store.open({
    name: settings.name,
    clock: settings.clock,
    tagSeparator: settings.tagSeparator,
    maxValueSize: settings.maxValueSize,
    report: (error) => recorder.error('connection', error),
    evicted: (key) => recorder.evict(key, localName),
  })
  localName = opened.local?.name ?? ''
  const store = settings.enabled ? opened : logOnly(opened)
  const codecFor = createCodecs(options, settings)
  const codedTiers = closeOnFailure(opened, () => {
    requireSharedLog(opened)
    return store.shared.map((tier) => ({ tier, codec: codecFor(tier) }))
  })

  return {
    local: store.local,
    shared: store.shared,
    log: store.log,
    leases: store.leases,
    servers: opened.servers ?? (() => []),
    codedTiers,
    /** Names the policies of the log and the leases. */
    farthestTier: store.shared.at(-1)?.name ?? 'store',
    close: () => opened.close(),
    /** Replaces the connections of all shared tiers. A tier that cannot be reset is reported. */
    resetTiers(): void {
      try {
        runOutsideContexts(() => {
          for (const tier of store.shared) tier.reset()
        })
      } catch (error) {
        recorder.error('reset', error)
      }
    },
  }
}

/** A disabled cache keeps no entries, but still invalidates: other processes may have cached the values. */
const logOnly = (opened: OpenStore): OpenStore => ({
  shared: [],
  log: opened.log,
  close: () => opened.close(),
})

/** @throws LarderError `BAD_OPTION`: without a shared log, other processes would serve invalidated entries until they expire. */
function requireSharedLog({ shared, log }: OpenStore): void {
  const [tier] = shared
  if (tier === undefined || log !== undefined) return
  throw new LarderError(
    'BAD_OPTION',
    `The shared tier "${tier.name}" needs a log that all processes share: open must return { shared, log }. See the guide on writing a store.`,
  )
}

/** Closes the store if `make` fails. A failure of closing it would hide the first one, so it is ignored. */
function closeOnFailure<T>(store: OpenStore, make: () => T): T {
  try {
    return make()
  } catch (error) {
    new Promise((resolve) => resolve(store.close())).catch(() => undefined)
    throw error
  }
}
