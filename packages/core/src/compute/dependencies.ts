import { createAsyncScope } from '../async-scope'
import type { LocalEntry } from '../entry/local-entry'
import { earlierOf, forEver, type Moment } from '../entry/moment'
import { tagOfKey } from '../entry/reserved-tags'
import type { ReadRequest } from './read-request'
import type { ActiveScopes } from './active-scopes'

/** What a computation has read through the cache so far. */
export interface Capture {
  /** What is computed: one key, or several together. */
  readonly of: string | ReadonlySet<string>
  /** The computation within which this one runs. */
  readonly outer: Capture | undefined
  readonly tags: Set<string>
  /** The earliest end of freshness among what was read. */
  freshUntil: number
  /** Whether something stale was read: a result made of it is stale as well. */
  tainted: boolean
  /** The moment before which everything acknowledged is certain to be reflected by all that was read. */
  provenAt: Moment
}

/**
 * Notes which cached values a computation reads, so that its own entry carries their tags, expires no later
 * than the earliest of them, and is stored as stale if one of them was.
 */
export function createDependencies(activeScopes: ActiveScopes) {
  const scope = createAsyncScope<Capture>()
  /** While nothing is being computed there is nobody to ask the scope for. */
  let running = 0
  let isClosed = false

  function ended(): void {
    running -= 1
    activeScopes.count -= 1
  }

  return {
    /** The computation that the caller is part of. */
    current(): Capture | undefined {
      return running > 0 ? scope.getStore() : undefined
    },
    /** Runs `work` as the computation of one key, or of several together. */
    run<T>(of: Capture['of'], work: (capture: Capture) => Promise<T>): Promise<T> {
      const capture: Capture = {
        of,
        outer: running > 0 ? scope.getStore() : undefined,
        tags: new Set(),
        freshUntil: Number.POSITIVE_INFINITY,
        tainted: false,
        provenAt: forEver,
      }
      running += 1
      activeScopes.count += 1
      // Running in a scope that was let go of would take hold of it again.
      const result = isClosed ? work(capture) : scope.run(capture, () => work(capture))
      result.then(ended, ended)
      return result
    },
    close(): void {
      isClosed = true
      scope.disable()
    },
    /** Runs `work` as if it were not part of any computation. */
    untracked<T>(work: () => T): T {
      return running > 0 && !isClosed ? scope.run(undefined, work) : work()
    },
  }
}

export type Dependencies = ReturnType<typeof createDependencies>

/** Notes that `entry` was read, and from which moment on it is proven to be up to date. */
export function depend(capture: Capture, entry: LocalEntry, fresh: boolean, provenAt: Moment): void {
  dependOnKey(capture, entry.key)
  for (const tag of entry.tags) capture.tags.add(tag)
  capture.freshUntil = Math.min(capture.freshUntil, entry.freshUntil)
  capture.provenAt = earlierOf(capture.provenAt, provenAt)
  if (!fresh) capture.tainted = true
}

/** Notes that `key` was looked for: finding nothing is a dependency too. */
export function dependOnKey(capture: Capture, key: string): void {
  capture.tags.add(tagOfKey(key))
}

/** Notes that a value was asked for, whatever becomes of that: asking may fail, and something be made of the failure. */
export function dependOnRequest(capture: Capture, { key, rules, scopeTags }: ReadRequest): void {
  dependOnKey(capture, key)
  for (const tag of scopeTags) capture.tags.add(tag)
  if (typeof rules.tags !== 'function') for (const tag of rules.tags) capture.tags.add(tag)
}

/** Whether `key` is being computed around the caller: waiting for it would be waiting for oneself. */
export function isComputing(capture: Capture | undefined, key: string): boolean {
  for (let at = capture; at !== undefined; at = at.outer) {
    if (typeof at.of === 'string' ? at.of === key : at.of.has(key)) return true
  }
  return false
}

/** Takes over everything that a computation inside has read. */
export function inherit(capture: Capture, inner: Capture): void {
  for (const tag of inner.tags) capture.tags.add(tag)
  capture.freshUntil = Math.min(capture.freshUntil, inner.freshUntil)
  capture.provenAt = earlierOf(capture.provenAt, inner.provenAt)
  if (inner.tainted) capture.tainted = true
}
