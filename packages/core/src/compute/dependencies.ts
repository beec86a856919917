import { type ActiveScopes, createAsyncScope, valuesAround } from '../async-scope'
import { type LocalEntry, type LocalPosition, olderOf } from '../entry/entry'
import { earlierOf, forEver, type Moment } from '../entry/moment'
import { tagOfKey } from '../entry/reserved-tags'
import { bounded, type Demand, stricterOf } from './demand'
import type { Computed, EntryRequest } from './read-request'
import { createWaitNode, type WaitNode } from './wait-graph'

/** The cached values that a computation has read so far. */
export interface Capture {
  /** The key that is computed, or all keys that are computed together. */
  readonly computing: string | ReadonlySet<string>
  /** The computation of the same cache within which this one runs. */
  readonly outer: Capture | undefined
  /** How many computations of the same cache it runs within, and itself. */
  readonly depth: number
  /** Its place in the graph of who waits for whom. */
  readonly waitNode: WaitNode
  readonly tags: Set<string>
  /** The limits on computations on whose places this one runs. */
  limits: readonly object[]
  /** The earliest end of freshness among the entries read. */
  freshUntil: number
  /** Whether a stale entry was read: then the result is stale as well. */
  isTainted: boolean
  /** Every invalidation acknowledged before this moment is reflected by all entries read. */
  provenAt: Moment
  /**
   * The oldest position of an entry that was invalidated already when it was read: the result is as old. Such an entry is
   * returned once to those who waited for it; with `sourceLag` it is the row from before the invalidation.
   */
  oldestRead: LocalPosition | undefined
  /** The demand that all reads inside have to meet, because the read around them could not. */
  readonly demand: Demand
}

/**
 * Records which cached values a computation reads, so that its own entry carries their tags, expires no later than the
 * earliest of them, and is stored as stale if one of them was.
 */
export function createDependencies(activeScopes: ActiveScopes) {
  const scope = createAsyncScope<Capture>(activeScopes)
  const currentCapture = () => (activeScopes.count > 0 ? scope.getStore() : undefined)

  return {
    /** The computation that the caller is part of. */
    currentCapture,
    /** Runs `work` as the computation of one key, or of several keys together. */
    trackComputation<T>(
      computing: Capture['computing'],
      waitNode: WaitNode,
      demand: Demand,
      work: (capture: Capture) => Promise<T>,
    ): Promise<T> {
      const capture = newCapture(computing, waitNode, demand, currentCapture())
      scope.beginUse()
      const result = scope.run(capture, () => work(capture))
      result.then(scope.endUse, scope.endUse)
      return result
    },
    close: scope.disable,
    /** Runs `work` outside every computation, because none waits for it. */
    runDetached<T>(work: () => T): T {
      return activeScopes.count > 0 ? scope.run(undefined, work) : work()
    },
    /**
     * Runs `work` within the computation around it, which may wait for it, but does not depend on its reads: these are
     * recorded and then dropped.
     */
    untracked<T>(work: () => T): T {
      const around = currentCapture()
      if (around === undefined) return work()
      return scope.run(newCapture(around.computing, createWaitNode(), bounded, around), work)
    },
  }
}

export type Dependencies = ReturnType<typeof createDependencies>

const noLimits: readonly object[] = []

function newCapture(
  computing: Capture['computing'],
  waitNode: WaitNode,
  demand: Demand,
  outer: Capture | undefined,
): Capture {
  return {
    computing,
    outer,
    depth: (outer?.depth ?? 0) + 1,
    waitNode,
    tags: new Set(),
    limits: noLimits,
    freshUntil: Number.POSITIVE_INFINITY,
    isTainted: false,
    provenAt: forEver,
    oldestRead: undefined,
    demand: stricterOf(demand, outer?.demand ?? bounded),
  }
}

/** Records that `entry` was read; it reflects every invalidation acknowledged before `provenAt`. */
export function dependOnEntry(capture: Capture, entry: LocalEntry, isFresh: boolean, provenAt: Moment): void {
  dependOnKey(capture, entry.key)
  for (const tag of entry.tags) capture.tags.add(tag)
  capture.freshUntil = Math.min(capture.freshUntil, entry.freshUntil)
  capture.provenAt = earlierOf(capture.provenAt, provenAt)
  if (!isFresh) capture.isTainted = true
}

/** Records that an entry was read that is invalidated already. */
export function dependOnInvalidated(capture: Capture, { asOf, term, sequence }: LocalEntry): void {
  capture.oldestRead = olderOf({ asOf, term, sequence }, capture.oldestRead)
}

/** Records that a value was read that was computed for the reader. It is invalid already if an invalidation came in between. */
export function dependOnComputed(
  capture: Capture,
  { entry, isMadeOfStale }: Pick<Computed, 'entry' | 'isMadeOfStale'>,
  isValid: boolean,
): void {
  dependOnEntry(capture, entry, !isMadeOfStale, entry.startedAt)
  if (!isValid) dependOnInvalidated(capture, entry)
}

/** Records that `key` was read, even if no entry was found: a later value of that key changes the result too. */
export function dependOnKey(capture: Capture, key: string): void {
  capture.tags.add(tagOfKey(key))
}

/** Records the dependency before the read, because the read may fail and the caller may recover. */
export function dependOnRequest(capture: Capture, { key, rules, scopeTags }: EntryRequest): void {
  dependOnKey(capture, key)
  for (const tag of scopeTags) capture.tags.add(tag)
  if (typeof rules.tags !== 'function') for (const tag of rules.tags) capture.tags.add(tag)
}

/** The dependencies of a value that is stored inside other computations, and not by one of its own: all that these have read. */
export function captureFrom(key: string, around: Iterable<Capture>): Capture {
  const capture = newCapture(key, createWaitNode(), bounded, undefined)
  for (const outer of around) inheritCapture(capture, outer)
  return capture
}

/** Whether `key` is being computed around the caller: waiting for that computation would be a deadlock. */
export function isComputing(capture: Capture | undefined, key: string): boolean {
  for (let current = capture; current !== undefined; current = current.outer) {
    const { computing } = current
    if (typeof computing === 'string' ? computing === key : computing.has(key)) return true
  }
  return false
}

/** All computations around the caller, in every cache of the process. */
export function computationsAround(): readonly WaitNode[] {
  const nodes: WaitNode[] = []
  for (const value of valuesAround())
    for (let capture = asCapture(value); capture !== undefined; capture = capture.outer)
      nodes.push(capture.waitNode)
  return nodes
}

/** Transactions have scopes as well. */
function asCapture(value: unknown): Capture | undefined {
  return typeof value === 'object' && value !== null && 'waitNode' in value ? (value as Capture) : undefined
}

/** Adds everything that an inner computation has read. */
export function inheritCapture(capture: Capture, inner: Capture): void {
  for (const tag of inner.tags) capture.tags.add(tag)
  capture.freshUntil = Math.min(capture.freshUntil, inner.freshUntil)
  capture.provenAt = earlierOf(capture.provenAt, inner.provenAt)
  if (inner.isTainted) capture.isTainted = true
  if (inner.oldestRead !== undefined) capture.oldestRead = olderOf(inner.oldestRead, capture.oldestRead)
}
