import { badArgument, requireFunction } from '../arguments/check-arguments'
import { checkOptions } from '../arguments/check-options'
import { describeValue } from '../arguments/describe-value'
import { findNearestName } from '../arguments/nearest-name'
import { neutralEntryOptions } from '../compute/rules'
import type { Cache } from '../contracts/cache'
import { eventNames } from '../contracts/events'
import type { EntryView } from '../contracts/inspection'
import type { AuditFinding, WarmReport } from '../contracts/operation'
import type { Engine } from '../engine'
import { parseQualifiedKey } from '../entry/key'
import { compilePattern } from '../entry/pattern'
import { auditEntries } from '../operation/audit'
import { createWaitUntilReady } from '../operation/wait-until-ready'
import { requireTask, runWarmUp } from '../operation/warm-up'
import { toEntryView } from '../storage/entry-view'
import { explainKey } from '../storage/explain'
import { auditOptionTable, keysOptionTable, warmOnceOptionTable, warmOptionTable } from './option-tables'
import type { CacheScope } from './scope'

type InspectionMethods = Pick<
  Cache,
  'explain' | 'ttlOf' | 'keys' | 'sweep' | 'stats' | 'on' | 'warn' | 'ready'
>

/** The methods of a cache for people and tools that look into it. */
export function createInspectionMethods({ engine, path, keyOf }: CacheScope): InspectionMethods {
  const { follower, tiers, validity } = engine

  return {
    async explain(key) {
      const qualified = keyOf(key)
      await follower.ensureCurrent()
      return explainKey(key, await tiers.inspectKey(qualified), follower, validity)
    },
    async ttlOf(key) {
      const qualified = keyOf(key)
      await follower.ensureCurrent()
      const { lookup } = await tiers.inspectKey(qualified)
      if (lookup.outcome !== 'hit' || lookup.entry.kind !== 'value') return undefined
      return lookup.entry.freshUntil - validity.timeOf(lookup.entry)
    },
    async keys(options = {}) {
      checkOptions('keys', options, keysOptionTable)
      const { pattern = '*', cursor, limit = 100, live = false } = options
      engine.checkOpen()
      const matches = compilePattern(pattern)
      const page = await tiers.scanKeys(cursor, limit)
      const listed = live ? await selectLive(engine, page.keys) : page.keys
      const keys = listed
        .flatMap((found) => parseQualifiedKey(path, found) ?? [])
        .filter(({ key }) => matches(key))
      return { keys, cursor: page.cursor }
    },
    sweep: engine.sweep,
    ready: createWaitUntilReady({
      cacheName: engine.settings.name,
      clock: engine.settings.clock,
      ensureCurrent: follower.ensureCurrent,
      checkOpen: engine.checkOpen,
    }),
    stats: () => engine.stats(path),
    on(event, listener) {
      if (typeof event !== 'string' || !Object.hasOwn(eventNames, event)) throw unknownEvent(event)
      requireFunction('on', listener, `cache.on('${event}', (event) => console.log(event))`)
      return engine.on(event, path === '' ? listener : selectWithin(path, listener))
    },
    warn(message) {
      if (typeof message !== 'string')
        throw badArgument(
          `warn takes a text; got ${describeValue(message)}.`,
          "cache.warn('the region is not set')",
        )
      engine.recorder.warn(message)
    },
  }
}

/** Passes on the events of keys in the namespace, and those that concern no key. */
function selectWithin<E>(path: string, listener: (event: E) => unknown): (event: E) => unknown {
  return (event) => {
    const { key = path } = event as { readonly key?: string }
    return key.startsWith(path) ? listener(event) : undefined
  }
}

/** The keys with an entry that may still be served, fresh or stale. A remembered error is not a value. */
async function selectLive({ follower, tiers }: Engine, keys: readonly string[]): Promise<readonly string[]> {
  await follower.ensureCurrent()
  const inspections = await Promise.all(keys.map((key) => tiers.inspectKey(key)))
  return keys.filter((_, index) => {
    const lookup = inspections[index]?.lookup
    const servable = lookup?.outcome === 'miss' ? lookup.fallback : lookup
    return servable?.entry.kind === 'value'
  })
}

/** `cache.warm`: `reports` is the namespace that keeps the reports of warm-ups that run in one process only. */
export function createWarm({ engine }: CacheScope, reports: () => Cache<WarmReport>): Cache['warm'] {
  const { dependencies, settings } = engine

  return async (tasks, options = {}) => {
    checkOptions('warm', options, warmOptionTable)
    requireTasks(tasks)
    const { once } = options
    checkOptions('warm: once', once, warmOnceOptionTable)
    const runTasks = () => dependencies.runDetached(() => runWarmUp(tasks, options, settings.clock))
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
  const { follower, tiers, validity, settings, recorder } = engine
  const { maxStaleness, clock } = settings

  /** The entry that a read would be served now, from any tier. */
  async function viewServed(key: string): Promise<EntryView | undefined> {
    await follower.ensureCurrent()
    const { lookup } = await tiers.inspectKey(keyOf(key))
    if (lookup.outcome !== 'hit' || lookup.entry.kind !== 'value') return undefined
    return toEntryView(lookup.entry, validity)
  }

  const audited = {
    keys: methods.keys,
    delete: methods.delete,
    findServed: viewServed,
    recordOutcome: recorder.audited,
    recordFinding: (finding: AuditFinding) => recorder.mismatch({ ...finding, key: keyOf(finding.key) }),
    maxStaleness,
    clock,
  }
  return async (options) => {
    requireFunction('audit', options?.source, 'cache.audit({ source: (key) => loadValue(key) })')
    checkOptions('audit', options, auditOptionTable)
    return auditEntries(audited, options as never)
  }
}

function unknownEvent(event: unknown): Error {
  const names = Object.keys(eventNames)
  const nearest = typeof event === 'string' ? findNearestName(event, names) : undefined
  return badArgument(
    `A cache has no event ${describeValue(event)}. Its events are: ${names.sort().join(', ')}.`,
    `cache.on('${nearest ?? 'error'}', (event) => console.log(event))`,
  )
}

/** @throws LarderError `BAD_ARGUMENT` for anything but an iterable of tasks. Tasks of a generator are checked as they run. */
function requireTasks(tasks: unknown): void {
  const isIterable =
    typeof tasks === 'object' && tasks !== null && (Symbol.iterator in tasks || Symbol.asyncIterator in tasks)
  if (!isIterable)
    throw badArgument(
      `warm takes a list or a generator of functions; got ${describeValue(tasks)}.`,
      'cache.warm(ids.map((id) => () => loadUser(id)))',
    )
  if (Array.isArray(tasks)) for (const task of tasks) requireTask(task)
}
