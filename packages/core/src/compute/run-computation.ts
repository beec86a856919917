import type { Clock } from '../contracts/clock'
import type { Entry } from '../entry/entry'
import { checkTag } from '../entry/key'
import type { LocalEntry } from '../entry/local-entry'
import { earlierOf, type Moment, momentOf } from '../entry/moment'
import { hold } from '../storage/to-local-entry'
import { Context, type ContextState, emptyContextState, type Run } from './context'
import { type Capture, type Dependencies, inherit } from './dependencies'
import { type Rules, tagsOf, ttlOf } from './rules'

/** What producing needs from the cache. */
export interface ComputeDependencies {
  readonly clock: Clock
  readonly dependencies: Dependencies
  /** A time of the wall clock here as the log's clock has it. */
  logTime(wall: number): number
  closure(tags: readonly string[]): readonly string[]
  trace<T>(key: string, run: () => T | PromiseLike<T>, isBackground: boolean): T | PromiseLike<T>
}

/** The result of a computation: its entry, and whether it is to be stored. */
export interface ComputedEntry {
  readonly entry: LocalEntry
  readonly endedAt: Moment
  readonly isStorable: boolean
}

/** The error of a computation, and the entry that remembers it, if errors are remembered. */
export class ComputeFailure {
  constructor(
    readonly error: unknown,
    readonly product: ComputedEntry | undefined,
  ) {}
}

/**
 * Runs the caller's function and makes an entry of what it returns.
 * @throws ComputeFailure with the function's own error.
 */
export function runComputation(computeDependencies: ComputeDependencies, run: Run): Promise<ComputedEntry> {
  const { request, abort } = run
  return computeDependencies.dependencies.run(request.key, async (capture) => {
    const remarks = emptyContextState()
    const made = (kind: Entry['kind'], value: unknown) =>
      describe(computeDependencies, { ...run, remarks, capture, kind, value })
    let value: unknown
    try {
      const context = new Context(run, remarks, capture)
      value = await computeDependencies.trace(request.key, () => request.compute(context), run.isBackground)
    } catch (error) {
      // Who makes something else of the failure depends on what led to it.
      if (capture.outer !== undefined) inherit(capture.outer, capture)
      const isRemembered = request.rules.errorTtl > 0 && abort.reason === undefined
      throw new ComputeFailure(error, isRemembered ? made('error', error) : undefined)
    }
    return made('value', value)
  })
}

/** Everything known about a result. */
interface Result extends Run {
  readonly remarks: ContextState
  readonly capture: Capture
  readonly kind: Entry['kind']
  readonly value: unknown
}

function describe(computeDependencies: ComputeDependencies, result: Result): ComputedEntry {
  const { request, stamp, remarks, capture, kind, value } = result
  const { rules } = request
  const { startedAt } = stamp
  const endedAt = momentOf(computeDependencies.clock)
  const now = computeDependencies.logTime(endedAt.wall)
  const life = shortened(lifeOf(rules, remarks, kind, value), rules.jitter, computeDependencies.clock)
  const freshUntil = capture.tainted ? now : Math.min(now + life, capture.freshUntil)
  const isError = kind === 'error'
  const provenAt = earlierOf(startedAt, capture.provenAt)
  const made: Entry = {
    key: request.key,
    kind,
    value,
    tags: computeDependencies.closure(allTags(result)),
    asOf: stamp.asOf,
    createdAt: now,
    freshUntil,
    staleUntil: isError ? freshUntil : freshUntil + rules.staleWhileRevalidate,
    errorUntil: isError ? freshUntil : freshUntil + rules.staleIfError,
    computeTime: endedAt.monotonic - startedAt.monotonic,
  }
  const isWanted = isError || rules.cacheIf === undefined || rules.cacheIf(value as never)
  const entry = hold(made, { rules, sequence: stamp.sequence, startedAt: provenAt })
  return { entry, endedAt, isStorable: life > 0 && !remarks.skipped && isWanted }
}

function lifeOf(rules: Rules, remarks: ContextState, kind: Entry['kind'], value: unknown): number {
  if (kind === 'error') return rules.errorTtl
  return remarks.ttl ?? ttlOf(rules, value)
}

function shortened(life: number, jitter: number, clock: Clock): number {
  return jitter === 0 ? life : life * (1 - jitter * clock.random())
}

function allTags({ request, remarks, capture, previous, kind, value }: Result): readonly string[] {
  const given =
    kind === 'error' && typeof request.rules.tags === 'function' ? [] : tagsOf(request.rules, value)
  for (const tag of given) checkTag(tag)
  const renewed = remarks.renewed ? (previous?.tags ?? []) : []
  const found = [...remarks.tags, ...renewed, ...capture.tags]
  return found.length + request.scopeTags.length === 0 ? given : [...request.scopeTags, ...given, ...found]
}
