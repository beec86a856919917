import { requireValue } from '../arguments/check-arguments'
import type { Beginning, Place } from '../contracts/beginning'
import { LarderError } from '../errors'
import type { Follower } from '../invalidation/follower'
import type { FillOptions, ReadOptions } from '../options'
import type { Lookup } from '../storage/lookup'
import type { Validity } from '../storage/validity'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { Fill } from './compute-and-fill'
import { emptyContextState } from './context'
import {
  type Capture,
  captureFrom,
  type Dependencies,
  dependOnComputed,
  dependOnRequest,
} from './dependencies'
import type { EntryRequest } from './read-request'
import { copyValue } from './reader'
import { type Rules, refusedWithoutComputation, resolveRules, tagsOf } from './rules'
import { buildComputedEntry, type ComputeDependencies } from './run-computation'
import type { Transactions } from './transactions'
import { warnOfSeconds } from './warn-of-seconds'

/** Dependencies of {@link createBeginFill}. */
interface BeginFillOptions {
  readonly follower: Follower
  readonly validity: Validity
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly computeDependencies: ComputeDependencies
  readonly fill: Fill
  readonly recorder: Recorder
  findFresh(
    keys: readonly string[],
    counts: FunctionCounts,
    demands: ReadOptions | undefined,
  ): Promise<ReadonlyMap<string, Lookup>>
  /** Whether the cache is open and enabled. */
  isServing(): boolean
}

/** The circumstances in which a place was taken. */
interface TakenPlace {
  readonly request: EntryRequest
  /** The computation that the caller of `begin` is part of. */
  readonly around: Capture | undefined
  /** Whether values read here may be stored: those read inside a transaction may not be committed. */
  readonly isStoring: boolean
}

/**
 * `cache.begin`: a read whose computation runs outside of the cache's sight. The caller gets the cached value, or a place
 * that carries the stamp of a computation that starts now. Callers of one key do not share a computation, because the cache
 * would not learn that one has failed.
 */
export function createBeginFill(options: BeginFillOptions) {
  const { follower, validity, dependencies, transactions, computeDependencies } = options

  function takePlace({ request, around, isStoring }: TakenPlace): Place<unknown> {
    const stamp = follower.takeStamp(request.rules.sourceLag)
    let isFilled = false

    return {
      hit: false,
      fill(value, given) {
        if (isFilled) throw alreadyFilled(request.key)
        requireValue('fill', value, 'beginning.fill(await loadValue())')
        const rules = resolveFillRules(request, given)
        warnOfSeconds('fill', given, options.recorder)
        isFilled = true
        const captures = new Set(
          [around, dependencies.currentCapture()].filter((capture) => capture !== undefined),
        )
        const computed = buildComputedEntry(computeDependencies, {
          computation: { request: { ...request, rules }, stamp, previous: undefined },
          state: emptyContextState(),
          capture: captureFrom(request.key, captures),
          kind: 'value',
          value,
        })
        // A computation around the caller depends on the value, as on every other value that it reads.
        const isValid = validity.isValid(computed.entry)
        for (const capture of captures) dependOnComputed(capture, computed, isValid)
        const isStorable = isStoring && !transactions.isOpen && options.isServing()
        return isStorable ? options.fill(request, computed, stamp, undefined) : 'skipped'
      },
    }
  }

  return async function begin(
    request: EntryRequest,
    demands: ReadOptions | undefined,
  ): Promise<Beginning<unknown>> {
    const isStoring = !transactions.isOpen && options.isServing()
    const around = dependencies.currentCapture()
    if (around !== undefined) dependOnRequest(around, request)
    const lookup = (await options.findFresh([request.key], request.counts, demands)).get(request.key)
    if (lookup?.outcome === 'hit') return { hit: true, value: copyValue(lookup.entry) }
    // After the lookup: the caller cannot have read its source before it has the place.
    return takePlace({ request, around, isStoring })
  }
}

/** The options of `begin`, replaced by those of `fill`; only tags are added. @throws LarderError `BAD_OPTION` or `BAD_DURATION`. */
function resolveFillRules({ rules }: EntryRequest, given: FillOptions | undefined): Rules {
  const filled = resolveRules('fill', given as never, rules, noOtherOptions, refusedInFill)
  if (given?.tags === undefined) return filled
  return { ...filled, tags: (value: never) => [...tagsOf(rules, value), ...tagsOf(filled, value)] }
}

const noOtherOptions = {}

const refusedInFill = {
  ...refusedWithoutComputation,
  sourceLag: 'decides how old the place is. Write cache.begin(key, { sourceLag }).',
}

function alreadyFilled(key: string): LarderError {
  return new LarderError(
    'ALREADY_FILLED',
    'A place is filled once: a second value may have been read at another time. Call cache.begin(key) again.',
    { key },
  )
}
