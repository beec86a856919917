import { toAnswer } from '../arguments/option-kinds'
import type { Clock } from '../contracts/clock'
import type { SkipReason } from '../contracts/events'
import { type Entry, type LocalEntry, olderOf } from '../entry/entry'
import { earlierOf, type Moment, momentOf } from '../entry/moment'
import { findReadOnce, readOnceError } from '../entry/read-once'
import { unstorableTag } from '../entry/reserved-tags'
import { toLocalEntry } from '../storage/to-local-entry'
import type { Tracing } from '../telemetry/tracing'
import { type Computation, Context, type ContextState, emptyContextState } from './context'
import { type Capture, type Dependencies, inheritCapture } from './dependencies'
import type { EntryRequest } from './read-request'
import { tagsOf, ttlOf } from './rules'
import { isSourceBusy } from './source-limit'

/** The parts of the cache that running a computation needs. */
export interface ComputeDependencies {
  readonly clock: Clock
  readonly dependencies: Dependencies
  /** The time of an entry that is created at this moment, on the log's clock. */
  creationTime(moment: Moment): number
  closureOf(tags: readonly string[]): readonly string[]
  /** Warns that a value is returned but cannot be stored. */
  warnUnstorable(key: string, error: unknown): void
  readonly traceComputation: Tracing['traceComputation']
}

/** The entry made from the result of a computation, and why it must not be stored, if so. */
export interface ComputedEntry {
  readonly entry: LocalEntry
  readonly endedAt: Moment
  readonly skipReason: SkipReason | undefined
  /** Whether the computation read a stale value. */
  readonly isMadeOfStale: boolean
}

/** The error of a computation, and the entry that remembers it if errors are remembered (`errorTtl`). */
export class ComputeFailure {
  constructor(
    readonly error: unknown,
    readonly remembered: ComputedEntry | undefined,
  ) {}
}

/** Computations that call each other before any of them awaits something, at most: more would exhaust the stack. */
const maxNestedCalls = 50

/**
 * Runs the caller's function and makes an entry of the value it returns.
 * @throws ComputeFailure with the function's own error.
 */
export function runComputation(
  options: ComputeDependencies,
  computation: Computation,
): Promise<ComputedEntry> {
  const { request, abort, waitNode, runLimited } = computation
  return options.dependencies.trackComputation(
    request.key,
    waitNode,
    request.innerDemand,
    async (capture) => {
      const state = emptyContextState()
      let value: unknown
      try {
        if (capture.depth % maxNestedCalls === 0) await undefined
        const context = new Context(computation, state, capture)
        value = await options.traceComputation(computation, () =>
          runLimited === undefined
            ? request.compute(context)
            : runLimited(capture, () => request.compute(context)),
        )
      } catch (error) {
        // A caller that catches this error still depends on the values that the failed computation read.
        if (capture.outer !== undefined) inheritCapture(capture.outer, capture)
        const isRemembered = request.rules.errorTtl > 0 && abort.reason === undefined && !isSourceBusy(error)
        const remembered = isRemembered
          ? buildComputedEntry(options, { computation, state, capture, kind: 'error', value: error })
          : undefined
        throw new ComputeFailure(error, remembered)
      }
      return buildComputedEntry(options, { computation, state, capture, kind: 'value', value })
    },
  )
}

/** The parts of a computation that its result depends on. */
interface ResultOrigin extends Pick<Computation, 'stamp' | 'previous'> {
  readonly request: EntryRequest
}

/** Everything known about the result of a computation. */
export interface Result {
  readonly computation: ResultOrigin
  readonly state: ContextState
  readonly capture: Capture
  readonly kind: Entry['kind']
  readonly value: unknown
}

/**
 * The value has been computed, so nothing may fail from here on: if an option or a limit rules out storing it, it is
 * returned and not stored.
 */
export function buildComputedEntry(options: ComputeDependencies, result: Result): ComputedEntry {
  try {
    return buildStorableEntry(options, result)
  } catch (error) {
    options.warnUnstorable(result.computation.request.key, error)
    return buildUnstorableEntry(options, result)
  }
}

/** @throws the error of the caller's `tags`, `ttl` or `cacheIf`, or a LarderError for their result or a limit. */
function buildStorableEntry(options: ComputeDependencies, result: Result): ComputedEntry {
  const { state, capture, kind, value } = result
  const { rules } = result.computation.request
  if (state.failure !== undefined) throw state.failure.error
  const endedAt = momentOf(options.clock)
  const now = options.creationTime(endedAt)
  const chosen = kind === 'error' ? rules.errorTtl : (state.ttl ?? ttlOf(rules, value))
  const life = applyJitter(chosen, rules.jitter, options.clock)
  const freshUntil = Math.min(capture.isTainted ? now : now + life, capture.freshUntil)
  const tags = options.closureOf(allTags(result))
  const isRefused =
    kind === 'value' && rules.cacheIf !== undefined && !toAnswer('cacheIf', rules.cacheIf(value as never))
  const entry = buildEntry(result, { tags, freshUntil, now, endedAt })
  const readOnce = kind === 'value' ? findReadOnce(entry) : undefined
  if (readOnce !== undefined) options.warnUnstorable(entry.key, readOnceError(readOnce))
  return { entry, endedAt, skipReason: findSkipReason(), isMadeOfStale: capture.isTainted }

  function findSkipReason(): SkipReason | undefined {
    if (readOnce !== undefined) return 'unstorable'
    if (isRefused) return 'cacheIf'
    if (state.isSkipped) return 'skip'
    if (capture.tags.has(unstorableTag)) return 'dependency'
    return life > 0 ? undefined : 'ttl'
  }
}

function buildUnstorableEntry(options: ComputeDependencies, result: Result): ComputedEntry {
  const endedAt = momentOf(options.clock)
  const now = options.creationTime(endedAt)
  const tags = [unstorableTag, ...result.capture.tags]
  const terms = { tags, freshUntil: now, now, endedAt }
  const entry = buildCopiedOrShared(result, terms)
  return { entry, endedAt, skipReason: 'unstorable', isMadeOfStale: result.capture.isTainted }
}

/** A value that cannot be copied is the same object for all callers that wait for it. */
function buildCopiedOrShared(result: Result, terms: EntryTerms): LocalEntry {
  const { rules } = result.computation.request
  try {
    return buildEntry(result, terms)
  } catch {
    return buildEntry(result, terms, { ...rules, isolate: false })
  }
}

interface EntryTerms {
  readonly tags: readonly string[]
  readonly freshUntil: number
  /** The time of its creation, on the log's clock. */
  readonly now: number
  readonly endedAt: Moment
}

function buildEntry(
  { computation, capture, kind, value }: Result,
  { tags, freshUntil, now, endedAt }: EntryTerms,
  rules = computation.request.rules,
): LocalEntry {
  const { request, stamp } = computation
  const { startedAt } = stamp
  const isError = kind === 'error'
  const provenAt = earlierOf(startedAt, capture.provenAt)
  const { asOf, term, sequence } = olderOf(stamp, capture.oldestRead)
  const computed: Entry = {
    key: request.key,
    kind,
    value,
    tags,
    asOf,
    term,
    createdAt: now,
    freshUntil,
    staleUntil: isError ? freshUntil : freshUntil + rules.staleWhileRevalidate,
    errorUntil: isError ? freshUntil : freshUntil + rules.staleIfError,
    computeTime: endedAt.monotonic - startedAt.monotonic,
  }
  const clockOffset = now - endedAt.monotonic
  return toLocalEntry(computed, { rules, sequence, startedAt: provenAt, clockOffset })
}

/** Shortens a life by a random share of up to `jitter`. */
export function applyJitter(life: number, jitter: number, clock: Clock): number {
  return jitter === 0 ? life : life * (1 - jitter * clock.random())
}

function allTags({ computation, state, capture, kind, value }: Result): readonly string[] {
  const { request, previous } = computation
  const given =
    kind === 'error' && typeof request.rules.tags === 'function' ? [] : tagsOf(request.rules, value)
  const renewed = state.isRenewed ? (previous?.tags ?? []) : []
  const found = [...state.tags, ...renewed, ...capture.tags]
  return found.length + request.scopeTags.length === 0 ? given : [...request.scopeTags, ...given, ...found]
}
