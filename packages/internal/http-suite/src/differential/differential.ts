import { setTimeout as sleep } from 'node:timers/promises'
import { type Cache, createCache } from '@larder/core'
import type { HttpCacheOptions } from '@larder/http'
import { memoryStore } from '@larder/memory'
import { seededRandom } from '@larder/testing'
import { expect, test } from 'vitest'
import { abandonedRequests, observeAbandoned } from './abandoned-clients'
import { isAbandoned } from './abandoned-handlers'
import { addedLines } from './allowed-differences'
import { expectSame, type NotingApplication, type Outcome, observeRequest } from './compare'
import { withoutAnswer } from './node-handlers'

/** Rules under which an application must behave as it does without the cache. */
const rules = {
  'no rule': {},
  'a ttl': { ttl: '1m' },
  'a ttl per user': { ttl: '1m', scope: 'private' },
} as const

type Rule = (typeof rules)[keyof typeof rules]

/** One combination: a handler, a layer in front of the cache, and one behind it. */
export interface Combination {
  readonly handler: string
  readonly front: string
  readonly behind: string
}

/** Starts an application of one framework with a response cache; without one if `options` is undefined. */
export type StartNoting = (
  combination: Combination,
  options: HttpCacheOptions<unknown> | undefined,
) => Promise<NotingApplication>

/** A layer in front of the cache, and one behind it. */
export type LayerPair = readonly [front: string, behind: string]

/** Every layer in front of every layer. */
export const pairLayers = (layers: readonly string[]): LayerPair[] =>
  layers.flatMap((front) => layers.map((behind) => [front, behind] as const))

/** An application of one framework, to be compared with itself. */
interface DifferentialOptions {
  readonly handlers: readonly string[]
  readonly pairs: readonly LayerPair[]
  readonly start: StartNoting
  /**
   * Whether the application without the cache does not answer either: one of these combinations is run.
   * @defaultValue those of the handler that never answers
   */
  readonly isUnanswered?: ((combination: Combination) => boolean) | undefined
  /** Removes from a response what the framework's server decides by itself. @defaultValue nothing is removed */
  readonly normalise?: ((bytes: string) => string) | undefined
  /** How many combinations are compared, chosen by `seed`; all by default. */
  readonly sample?: { readonly size: number; readonly seed: number } | undefined
}

const neverAnswers = ({ handler }: Combination) => handler === withoutAnswer

/** The second GET is a hit if the first response was stored. */
const methods = ['GET', 'GET', 'HEAD', 'POST'] as const

const encodings = ['Accept-Encoding: gzip\n', '']

/** How long an answer is awaited that never comes, in ms. */
const silence = 200

/**
 * Compares an application with itself, with and without the cache: all bytes that a client receives, and everything the
 * handler sees. Only the `allowedDifferences` may differ.
 */
export function differentialSuite(options: DifferentialOptions): void {
  const { sample, start, isUnanswered = neverAnswers } = options
  const all = listCombinations(options)
  const answered = all.filter((combination) => !isUnanswered(combination))
  test.each(sample === undefined ? answered : chooseFrom(answered, sample))(
    '$handler, behind $front, in front of $behind, has the same effect with the cache',
    (combination) =>
      isAbandoned(combination.handler)
        ? compareAbandoned(options, combination)
        : compareCombination(options, combination),
  )

  const unanswered = all.find(isUnanswered)
  if (unanswered === undefined) return
  test('a handler that has no answer without the cache has none with it', async () => {
    for (const rule of [undefined, rules['a ttl']])
      await withApplication(start, unanswered, rule, async (application) => {
        const outcome = observeRequest(application, 'GET', encodings.join(''))
        expect(await Promise.race([outcome, sleep(silence)])).toBeUndefined()
      })
  })
}

async function compareCombination(options: DifferentialOptions, combination: Combination): Promise<void> {
  const { start, normalise = (bytes) => bytes } = options
  for (const fields of encodings) {
    const observe = (application: NotingApplication) => observeRequests(application, fields)
    const expected = await withApplication(start, combination, undefined, observe)
    for (const [name, rule] of Object.entries(rules)) {
      const actual = await withApplication(start, combination, rule, observe)
      const added = addedLines({ hasRule: name !== 'no rule' })
      for (const [index, method] of methods.entries())
        expectSame({
          actual: actual[index] as Outcome,
          expected: expected[index] as Outcome,
          page: expected[0] as Outcome,
          added,
          normalise,
          situation: `request ${index + 1}, ${method}, with ${name}, and fields "${fields}"`,
        })
    }
  }
}

/** Compares the handlers' sight alone: a client that has left receives nothing. */
async function compareAbandoned({ start }: DifferentialOptions, combination: Combination): Promise<void> {
  for (const [sent, request] of Object.entries(abandonedRequests)) {
    const observe = (application: NotingApplication, cache: Cache) =>
      observeAbandoned(application, cache, request)
    const expected = await withApplication(start, combination, undefined, observe)
    for (const [name, rule] of Object.entries(rules)) {
      const actual = await withApplication(start, combination, rule, observe)
      expect(actual, `clients that have sent ${sent}, with ${name}`).toEqual(expected)
    }
  }
}

async function observeRequests(application: NotingApplication, fields: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const method of methods) outcomes.push(await observeRequest(application, method, fields))
  return outcomes
}

/** Runs an application with a cache of its own, or without one if `rule` is undefined. Both are closed at the end. */
async function withApplication<T>(
  start: StartNoting,
  combination: Combination,
  rule: Rule | undefined,
  use: (application: NotingApplication, cache: Cache) => Promise<T>,
): Promise<T> {
  const cache = createCache({ name: 'differential', store: memoryStore() })
  const user = rule !== undefined && 'scope' in rule ? () => 'ada' : undefined
  const application = await start(combination, rule && { cache, user, ...rule })
  try {
    return await use(application, cache)
  } finally {
    await application.close()
    await cache.close()
  }
}

function listCombinations({ handlers, pairs }: DifferentialOptions): Combination[] {
  return handlers.flatMap((handler) => pairs.map(([front, behind]) => ({ handler, front, behind })))
}

function chooseFrom(
  combinations: readonly Combination[],
  { size, seed }: NonNullable<DifferentialOptions['sample']>,
): Combination[] {
  const random = seededRandom(seed)
  return Array.from(
    { length: size },
    () => combinations[Math.floor(random() * combinations.length)] as Combination,
  )
}
