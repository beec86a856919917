import { badArgument } from '../arguments/check-arguments'
import { describeValue } from '../arguments/describe-value'
import { bounded } from '../compute/demand'
import type { ReadRequest } from '../compute/read-request'
import { type Rules, resolveRules } from '../compute/rules'
import type { Engine } from '../engine'
import { checkKey, nameInNamespace, qualifyKey, toStoredKey } from '../entry/key'
import { LarderError } from '../errors'
import type { ComputeOptions } from '../options'
import { forcedMiss } from '../storage/lookup'
import type { FunctionCounts } from '../telemetry/function-counts'
import { computeOptionTable } from './option-tables'

/** A cache as seen from one namespace. */
export interface CacheScope {
  readonly engine: Engine
  /** Prefix of all keys; empty for the cache itself. */
  readonly path: string
  /** Tags that every entry in the namespace carries. */
  readonly scopeTags: readonly string[]
  /** The counts of reads by key. */
  readonly counts: FunctionCounts
  /** Checks the key and qualifies it by the namespace. @throws LarderError `BAD_KEY`. */
  keyOf(key: string): string
  requestOf(
    key: string,
    compute: ReadRequest['compute'],
    options: ComputeOptions<never> | undefined,
  ): ReadRequest
}

export function createScope(
  engine: Engine,
  path: string,
  scopeTags: readonly string[],
  functionName: string,
): CacheScope {
  const counts = engine.recorder.countsOf(path, nameInNamespace(path, functionName))
  const keyOf = (key: string) => {
    checkKey(key)
    return qualifyKey(path, toStoredKey(key))
  }

  return {
    engine,
    path,
    scopeTags,
    counts,
    keyOf,
    requestOf(key, compute, options) {
      requireCompute(key, compute)
      return {
        key: keyOf(key),
        compute,
        rules: rulesOfCall(options, engine.rules),
        scopeTags,
        counts,
        mustCompute: options?.fresh ? forcedMiss : undefined,
        innerDemand: bounded,
        serveIf: options?.serveIf,
        signal: options?.signal,
      }
    },
  }
}

/**
 * The rules of one call. A tag that is made of text may be invalid for one of a million texts: then the value is computed
 * and not stored, like a value whose `tags` function fails.
 */
function rulesOfCall(options: ComputeOptions<never> | undefined, base: Rules): Rules {
  try {
    return resolveRules('getOrCompute', options, base, computeOptionTable)
  } catch (error) {
    if (!(error instanceof LarderError) || error.code !== 'BAD_TAG' || !areTexts(options?.tags)) throw error
    const tags = () => {
      throw error
    }
    return resolveRules('getOrCompute', { ...options, tags }, base, computeOptionTable)
  }
}

function areTexts(tags: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [tags]
  // Not with `every`, which passes over holes, of which there may be billions.
  return list.findIndex((tag) => typeof tag !== 'string' || tag === '') < 0
}

/** @throws LarderError `BAD_ARGUMENT` for the call of another library: `getOrSet({ key, factory })`, `get(key, value)`. */
function requireCompute(key: unknown, compute: unknown): void {
  if (typeof compute === 'function') return
  const given = typeof key === 'string' ? compute : key
  throw badArgument(
    `getOrCompute takes a key and a function; got ${describeValue(given)} as the ${given === key ? 'key' : 'function'}.`,
    'cache.getOrCompute(key, () => loadValue(), options)',
  )
}
