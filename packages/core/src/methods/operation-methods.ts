import { neutralEntryOptions } from '../compute/rules'
import type { Cache } from '../contracts/cache'
import type { EntryView } from '../contracts/inspection'
import type { WarmReport } from '../contracts/operation'
import { parseQualifiedKey } from '../entry/key'
import { matchesPattern } from '../entry/pattern'
import { auditEntries } from '../operation/audit'
import { runWarmUp } from '../operation/warm-up'
import { toEntryView } from '../storage/entry-view'
import { explainKey } from '../storage/explain'
import type { CacheScope } from './scope'

type InspectionMethods = Pick<Cache, 'explain' | 'keys' | 'sweep' | 'stats' | 'on' | 'warn'>

/** The methods of a cache for people and tools that look into it. */
export function createInspectionMethods({ engine, path, keyOf }: CacheScope): InspectionMethods {
  const { follower, tiers, validity } = engine

  return {
    async explain(key) {
      const qualified = keyOf(key)
      await follower.ensureCurrent()
      return explainKey(key, await tiers.inspectKey(qualified), follower, validity)
    },
    async keys({ pattern = '*', cursor, limit = 100 } = {}) {
      engine.checkOpen()
      const page = await tiers.scanKeys(cursor, limit)
      const keys = page.keys
        .flatMap((found) => parseQualifiedKey(path, found) ?? [])
        .filter(({ key }) => matchesPattern(pattern, key))
      return { keys, cursor: page.cursor }
    },
    sweep: engine.sweep,
    stats: engine.stats,
    on: engine.on,
    warn: engine.recorder.warn,
  }
}

/** `cache.warm`: `reports` is the namespace that keeps the reports of warm-ups that run in one process only. */
export function createWarm({ engine }: CacheScope, reports: () => Cache<WarmReport>): Cache['warm'] {
  const { dependencies, settings } = engine

  return async (tasks, options = {}) => {
    const { once } = options
    const runTasks = () => dependencies.untracked(() => runWarmUp(tasks, options, settings.clock))
    if (once === undefined) return runTasks()
    return reports().getOrCompute(once.name, runTasks, {
      ...neutralEntryOptions,
      ttl: once.every,
      tags: [],
      hardTimeout: Number.POSITIVE_INFINITY,
    })
  }
}

/** `cache.audit`: `methods` are those of the same cache. */
export function createAudit(
  { engine, keyOf }: CacheScope,
  methods: Pick<Cache, 'keys' | 'delete'>,
): Cache['audit'] {
  const { follower, tiers, validity, settings } = engine
  const { maxStaleness, clock } = settings

  /** The entry that a read would be served now, from any tier. */
  async function viewServed(key: string): Promise<EntryView | undefined> {
    await follower.ensureCurrent()
    const answer = await tiers.inspectKey(keyOf(key))
    if (typeof answer !== 'object' || answer.entry.kind !== 'value') return undefined
    return validity.stateOf(answer.entry) === 'fresh' ? toEntryView(answer.entry, validity) : undefined
  }

  const audited = { keys: methods.keys, delete: methods.delete, findServed: viewServed, maxStaleness, clock }
  return (options) => auditEntries(audited, options as never)
}
