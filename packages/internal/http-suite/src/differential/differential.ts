import { createCache } from '@larder/core'
import type { HttpCacheOptions } from '@larder/http'
import { memoryStore } from '@larder/memory'
import { seededRandom } from '@larder/testing'
import { describe, test } from 'vitest'
import {
  addedByCache,
  addedWithoutRule,
  expectSame,
  type NotingApplication,
  type Outcome,
  observeRequest,
} from './compare'

/** Rules under which an application must behave as it does without the cache. */
const rules = {
  'no rule': {},
  'a ttl': { ttl: '1m' },
  'a ttl per user': { ttl: '1m', scope: 'private' },
} as const

type Rule = (typeof rules)[keyof typeof rules]

/** Starts an application of one framework with a response cache; without one if `options` is undefined. */
export type StartNoting = (
  combination: Combination,
  options: HttpCacheOptions<unknown> | undefined,
) => Promise<NotingApplication>

function createOptions(rule: Rule): HttpCacheOptions<unknown> {
  const cache = createCache({ name: 'differential', store: memoryStore() })
  return { cache, user: 'scope' in rule ? () => 'ada' : undefined, ...rule }
}

/** One combination: a handler, a layer in front of the cache, and one behind it. */
interface Combination {
  readonly handler: string
  readonly front: string
  readonly behind: string
}

/** An application of one framework, to be compared with itself. */
interface DifferentialOptions {
  readonly handlers: readonly string[]
  /** The names of the layers to put in front of the cache and behind it. */
  readonly layers: readonly string[]
  readonly start: StartNoting
  /** Removes from a response what the framework's server decides by itself. @defaultValue nothing is removed */
  readonly normalise?: ((bytes: string) => string) | undefined
  /** How many combinations are compared, chosen by `seed`; all by default. */
  readonly sample?: { readonly size: number; readonly seed: number } | undefined
}

/**
 * Compares an application with itself, with and without the cache: all bytes that a client receives, and everything the
 * handler sees. Only what a stored response gains may differ.
 */
export function differentialSuite(options: DifferentialOptions): void {
  const combinations = chooseCombinations(options)
  describe.each(Object.entries(rules))(
    'with %s, an application behaves as without the cache',
    (name, rule) => {
      const added = name === 'no rule' ? addedWithoutRule : addedByCache
      test.each(combinations)('$handler, behind $front, in front of $behind', async (combination) => {
        for (const fields of ['Accept-Encoding: gzip\n', '']) {
          const plain = await options.start(combination, undefined)
          const cached = await options.start(combination, createOptions(rule))
          let page: Outcome | undefined
          for (const method of ['GET', 'GET', 'HEAD', 'POST']) {
            const expected = await observeRequest(plain, method, fields)
            if (method === 'GET') page = expected
            const actual = await observeRequest(cached, method, fields)
            expectSame(actual, expected, { added, normalise: options.normalise, page })
          }
          await Promise.all([plain.close(), cached.close()])
        }
      })
    },
  )
}

function chooseCombinations({ handlers, layers, sample }: DifferentialOptions): Combination[] {
  const all = handlers.flatMap((handler) =>
    layers.flatMap((front) => layers.map((behind) => ({ handler, front, behind }))),
  )
  if (sample === undefined) return all
  const random = seededRandom(sample.seed)
  return Array.from({ length: sample.size }, () => all[Math.floor(random() * all.length)] as Combination)
}
