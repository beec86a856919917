import type { ReadRequest } from '../compute/read-request'
import { resolveRules } from '../compute/rules'
import type { Engine } from '../engine'
import { checkKey, qualifyKey } from '../entry/key'
import type { ComputeOptions } from '../options'
import { forcedMiss } from '../storage/lookup'

/** A cache as seen from one namespace. */
export interface CacheScope {
  readonly engine: Engine
  /** Prefix of all keys; empty for the cache itself. */
  readonly path: string
  /** Tags that every entry in the namespace carries. */
  readonly scopeTags: readonly string[]
  /** Checks the key and qualifies it by the namespace. @throws LarderError `BAD_KEY`. */
  keyOf(key: string): string
  requestOf(
    key: string,
    compute: ReadRequest['compute'],
    options: ComputeOptions<never> | undefined,
  ): ReadRequest
}

export function createScope(engine: Engine, path: string, scopeTags: readonly string[]): CacheScope {
  const keyOf = (key: string) => {
    checkKey(key)
    return qualifyKey(path, key)
  }

  return {
    engine,
    path,
    scopeTags,
    keyOf,
    requestOf: (key, compute, options) => ({
      key: keyOf(key),
      compute,
      rules: resolveRules(options, engine.rules),
      scopeTags,
      mustCompute: options?.fresh ? forcedMiss : undefined,
      serveIf: options?.serveIf,
      signal: options?.signal,
    }),
  }
}
