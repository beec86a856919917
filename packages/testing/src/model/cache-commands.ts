import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import type { Cache } from '@larder/core'
import fc, { type Arbitrary, type AsyncCommand } from 'fast-check'
import type { CacheModel } from './cache-model'

/** A cache under test, and the function that advances its clock. */
export interface CacheUnderTest {
  readonly cache: Cache
  advance(ms: number): Promise<void>
}

/** Options of {@link cacheCommands}. */
export interface CacheCommandsOptions {
  /** Durations of wait commands, in ms; `[]` if the clock cannot be advanced. @defaultValue `[1, 1_000, 60_000]` */
  readonly waits?: readonly number[] | undefined
}

type CacheCommand = AsyncCommand<CacheModel, CacheUnderTest>

const key = fc.constantFrom('a', 'b', 'c')
const keys = fc.uniqueArray(key, { minLength: 1 })
const tags = ['x', 'x:1', 'x:2', 'y'] as const
const tag = fc.constantFrom(...tags)

/** A command that runs on the model and on the cache, and asserts that both agree. */
function buildCommand<T extends object>(
  name: string,
  args: { [K in keyof T]: Arbitrary<T[K]> },
  run: (args: T, model: CacheModel, real: CacheUnderTest) => Promise<void>,
): Arbitrary<CacheCommand> {
  return fc.record(args).map((drawnArgs) => ({
    check: () => true,
    run: (model, real) => run(drawnArgs as T, model, real),
    toString: () => `${name}(${JSON.stringify(drawnArgs)})`,
  }))
}

/**
 * Commands for fast-check's model-based testing (`fc.commands`), one per operation of a cache. Each command compares the
 * cache with the model.
 *
 * @example
 * ```ts
 * await fc.assert(
 *   fc.asyncProperty(fc.commands(cacheCommands()), (commands) =>
 *     fc.asyncModelRun(() => ({ model: cacheModel(), real: { cache, advance: clock.advance } }), commands),
 *   ),
 * )
 * ```
 */
export function cacheCommands({
  waits = [1, 1_000, 60_000],
}: CacheCommandsOptions = {}): Arbitrary<CacheCommand>[] {
  // Without waits, no entry may expire during a run either.
  const ttl = fc.constantFrom(...(waits.length > 0 ? [500, 30_000] : []), 3_600_000)
  const entry = { key, ttl, value: fc.jsonValue(), tags: fc.uniqueArray(tag, { maxLength: 2 }) }
  const waitCommands = waits.map((ms) =>
    buildCommand('wait', { ms: fc.constant(ms) }, async ({ ms }, model, { advance }) => {
      model.now += ms
      await advance(ms)
    }),
  )
  return [
    buildCommand('get', { key }, async ({ key }, model, { cache }) => {
      deepStrictEqual(await cache.get(key), model.get(key))
    }),
    buildCommand('has', { key }, async ({ key }, model, { cache }) => {
      strictEqual(await cache.has(key), model.get(key) !== undefined)
    }),
    buildCommand('getMany', { keys }, async ({ keys }, model, { cache }) => {
      deepStrictEqual(await cache.getMany(keys), keys.map(model.get))
    }),
    buildCommand('set', entry, async ({ key, value, ttl, tags }, model, { cache }) => {
      model.set(key, value, ttl, tags)
      await cache.set(key, value, { ttl, tags })
    }),
    buildCommand('getOrCompute', entry, async ({ key, value, ttl, tags }, model, { cache }) => {
      if (model.get(key) === undefined) model.set(key, value, ttl, tags)
      deepStrictEqual(await cache.getOrCompute(key, () => value, { ttl, tags }), model.get(key))
    }),
    buildCommand('touch', { key, ttl }, async ({ key, ttl }, model, { cache }) => {
      strictEqual(await cache.touch(key, ttl), model.touch(key, ttl))
    }),
    buildCommand('delete', { key }, async ({ key }, model, { cache }) => {
      model.delete(key)
      await cache.delete(key)
    }),
    buildCommand('invalidate', { tag }, async ({ tag }, model, { cache }) => {
      model.invalidate(tag)
      await cache.invalidate(tag)
    }),
    buildCommand(
      'link',
      { child: fc.constant('x:1'), parent: fc.constant('y') },
      async ({ child, parent }, model, real) => {
        model.link(child, parent)
        await real.cache.link(child, parent)
      },
    ),
    buildCommand('clear', {}, async (_, model, { cache }) => {
      model.clear()
      await cache.clear()
    }),
    ...waitCommands,
  ]
}
