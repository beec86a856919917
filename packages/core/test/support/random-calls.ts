import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect } from 'vitest'
import { type Cache, createCache, LarderError } from '../../src/index'
import { manualClock } from './manual-clock'
import { mapStore } from './map-tier'

/** The error that the functions of the application throw. */
class OwnError extends Error {}

/** All values that the application has returned or handed over, by key: a read may return no other. */
interface Model {
  hand(key: string, value: unknown): unknown
  /** Whether a read of the key may return the value. */
  allows(key: unknown, value: unknown): boolean
}

function createModel(): Model {
  const handed = new Map<unknown, unknown[]>()
  return {
    hand(key, value) {
      handed.set(key, [...(handed.get(key) ?? []), value])
      return value
    },
    allows: (key, value) => value === undefined || (handed.get(key) ?? []).some((one) => isSame(one, value)),
  }
}

/** A proxy that refuses to be compared is the same as itself alone. */
function isSame(one: unknown, other: unknown): boolean {
  try {
    return one === other || isDeepStrictEqual(one, other)
  } catch {
    return false
  }
}

type Arguments = unknown[]
type MakeArguments = (model: Model) => Arguments

/** How to call one method rightly, and how to check its result. */
interface MethodCall {
  readonly makeArguments: fc.Arbitrary<MakeArguments>
  /**
   * Checks the result, and calls the functions that it consists of. `extra` is an argument that is right or wrong for them.
   * Returns what the caller waits for.
   */
  check?(result: unknown, args: Arguments, model: Model, extra: unknown): unknown
}

/** The names of all methods of a cache. */
export type Methods = {
  [Name in keyof Cache]: Cache[Name] extends (...args: never[]) => unknown ? Name : never
}[keyof Cache]

const key = fc.constantFrom('a', 'b', '@c/d', 'e'.repeat(5_000))
const keys = fc.array(key, { maxLength: 4 })
const tag = fc.constantFrom('t', 't:1', 'u')
/** Values that a copy, a key or a message cannot look into as into plain data. */
const unusual = fc
  .constantFrom<() => unknown>(
    () => new Date(5),
    () => new Map([[{ a: 1 }, new Set([1n])]]),
    () => Object.freeze({ list: Object.freeze([1]) }),
    () => new Proxy({ a: 1 }, {}),
    () => failingProxy('getPrototypeOf'),
    () => failingProxy('ownKeys'),
    () => ({
      get field() {
        throw new OwnError('from a getter')
      },
    }),
    () => new Response('text'),
    () => [1].values(),
    () => [new Error('a value', { cause: failingProxy('ownKeys') })],
    () => Symbol('value'),
  )
  .map((create) => create())

function failingProxy(trap: 'getPrototypeOf' | 'ownKeys'): object {
  return new Proxy(
    {},
    {
      [trap]() {
        throw new OwnError('from a proxy')
      },
    },
  )
}

const anyValue = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})
const value = fc.oneof({ weight: 3, arbitrary: anyValue }, { weight: 1, arbitrary: unusual })
const duration = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<unknown>(0, 5, '1m', '2h', Number.POSITIVE_INFINITY) },
  { weight: 1, arbitrary: value },
)
/** A function among the options: it returns anything, or fails. */
const ofValue = fc.oneof(
  value.map((given) => () => given),
  fc.constant(async () => true),
  fc.constant(() => {
    throw new OwnError('from an option')
  }),
)
const options = fc.record(
  {
    ttl: fc.oneof(duration, ofValue),
    tags: fc.oneof(tag, fc.array(tag, { maxLength: 2 }), ofValue),
    staleWhileRevalidate: duration,
    staleIfError: duration,
    errorTtl: duration,
    jitter: fc.oneof(fc.constantFrom<unknown>(0, 0.5, 1), value),
    earlyExpiry: fc.oneof(fc.constantFrom<unknown>(0, 1), value),
    isolate: fc.oneof(fc.boolean(), value),
    cacheIf: ofValue,
  },
  { requiredKeys: [] },
)

/** A function of the application: it fails, or returns a value of the key. */
const source = fc
  .record({ fails: fc.boolean(), isAsync: fc.boolean(), value })
  .map(({ fails, isAsync, value: given }) => (model: Model, of: string) => () => {
    if (fails && isAsync) return Promise.reject(new OwnError('from the source'))
    if (fails) throw new OwnError('from the source')
    return isAsync ? Promise.resolve(model.hand(of, given)) : model.hand(of, given)
  })

const fixed = (...parts: fc.Arbitrary<unknown>[]): fc.Arbitrary<MakeArguments> =>
  fc.tuple(...parts).map((args) => () => [...args])
const none = fixed()
const work = fc.constantFrom<unknown>(
  () => 1,
  async () => 2,
  () => Promise.reject(new OwnError('from the work')),
)
const sourceOfMany = fc
  .record({ fails: fc.boolean(), value })
  .map(({ fails, value: given }) => (model: Model) => (missing: readonly string[]) => {
    if (fails) throw new OwnError('from the source of many')
    return missing.map((one) => model.hand(one, given))
  })

const allowed = (result: unknown, args: Arguments, model: Model): void =>
  expect(model.allows(args[0], result)).toBe(true)
const allAllowed = (result: unknown, args: Arguments, model: Model): void => {
  const asked = args[0] as string[]
  for (const [index, one] of (result as unknown[]).entries())
    expect(model.allows(asked[index], one)).toBe(true)
}

/** A call of every method. A method without one does not compile, and fails the first test. */
const methodCalls: Readonly<Record<Methods, MethodCall>> = {
  get: { makeArguments: fixed(key), check: allowed },
  getMany: { makeArguments: fixed(keys), check: allAllowed },
  getLocal: { makeArguments: fixed(key), check: allowed },
  has: { makeArguments: fixed(key) },
  peek: {
    makeArguments: fixed(key),
    check: (result, args, model) => allowed((result as { value: unknown } | undefined)?.value, args, model),
  },
  set: { makeArguments: fixed(key, value, options) },
  setMany: { makeArguments: fixed(fc.array(fc.tuple(key, value), { maxLength: 3 }), options) },
  delete: { makeArguments: fixed(key) },
  deleteMany: { makeArguments: fixed(keys) },
  clear: { makeArguments: none },
  touch: { makeArguments: fixed(key, duration) },
  getOrCompute: {
    makeArguments: fc.tuple(key, source, options).map(([of, makeSource, given]) => (model) => [
      of,
      makeSource(model, of),
      given,
    ]),
    check: allowed,
  },
  getManyOrCompute: {
    makeArguments: fc.tuple(keys, sourceOfMany, options).map(([of, makeSource, given]) => (model) => [
      of,
      makeSource(model),
      given,
    ]),
    check: allAllowed,
  },
  begin: {
    makeArguments: fixed(key, options),
    check(result, args, model, extra) {
      const beginning = result as {
        hit: boolean
        value: unknown
        fill(value: unknown, options: unknown): unknown
      }
      if (beginning.hit) return allowed(beginning.value, args, model)
      return beginning.fill(model.hand(args[0] as string, { filled: args[0] }), extra)
    },
  },
  loader: {
    makeArguments: fc.tuple(sourceOfMany, options).map(([makeSource, given]) => (model) => [
      makeSource(model),
      given,
    ]),
    async check(result, _, model, extra) {
      const load = result as (one: unknown) => Promise<unknown>
      const [first, second] = await Promise.all([load('a'), load('b')])
      allowed(first, ['a'], model)
      allowed(second, ['b'], model)
      allowed(await load(extra), [extra], model)
    },
  },
  wrap: {
    makeArguments: fc
      .tuple(fc.constantFrom('f', 'g'), source, options)
      .map(([name, makeSource, given]) => (model) => [makeSource(model, name), { ...given, name }]),
    async check(result, args, model, extra) {
      const wrapped = result as Record<string, (...given: unknown[]) => unknown>
      const { name } = args[1] as { name: string }
      allowed((wrapped.peek?.(1) as { value: unknown } | undefined)?.value, [name], model)
      allowed(await (result as (id: unknown) => unknown)(1), [name], model)
      allowed(await wrapped.refresh?.(2), [name], model)
      allowed(await (result as (id: unknown) => unknown)(extra), [name], model)
      await wrapped.invalidate?.(1)
      expect(typeof wrapped.keyOf?.([1, 'x'])).toBe('string')
    },
  },
  invalidate: { makeArguments: fixed(fc.oneof(tag, fc.array(tag, { maxLength: 2 }))) },
  wrapWrite: {
    makeArguments: fixed(
      work,
      fc.constant(() => ['t']),
    ),
    check: (result) => (result as () => unknown)(),
  },
  follow: {
    makeArguments: fixed(
      fc.constant({ on: () => undefined, off: () => undefined }),
      fc.constant(() => 't'),
      fc.constant('changed'),
    ),
  },
  transaction: {
    makeArguments: fc.tuple(fc.boolean(), value).map(([fails, given]) => (model) => [
      () => {
        if (fails) throw new OwnError('from a transaction')
        return model.hand('transaction', given)
      },
    ]),
    check: (result, _, model) => allowed(result, ['transaction'], model),
  },
  beginTransaction: {
    makeArguments: none,
    async check(result, _args, _model, extra) {
      const transaction = result as { run(work: unknown): unknown; commit(): Promise<void> }
      transaction.run(() => 1)
      await transaction.commit()
      transaction.run(extra)
    },
  },
  afterCommit: { makeArguments: fixed(work) },
  link: { makeArguments: fixed(tag, tag) },
  unlink: { makeArguments: fixed(tag, tag) },
  graph: { makeArguments: none },
  untracked: { makeArguments: fixed(work), check: (result) => result },
  namespace: { makeArguments: fixed(fc.constantFrom('n', 'm')) },
  countAs: { makeArguments: fixed(fc.constantFrom('n', 'm')) },
  explain: { makeArguments: fixed(key) },
  ttlOf: { makeArguments: fixed(key) },
  keys: { makeArguments: fixed(fc.record({ live: fc.boolean(), limit: fc.integer({ min: 1, max: 5 }) })) },
  warm: { makeArguments: fixed(fc.array(work, { maxLength: 2 })) },
  audit: { makeArguments: fixed(fc.record({ source: fc.constant(() => 1), rate: fc.constant(1_000) })) },
  sweep: { makeArguments: none },
  stats: { makeArguments: none },
  ready: { makeArguments: none },
  on: {
    makeArguments: fixed(
      fc.constantFrom('hit', 'miss', 'fill'),
      fc.constant(() => undefined),
    ),
  },
  warn: { makeArguments: fixed(fc.string()) },
  close: { makeArguments: none },
  [Symbol.asyncDispose]: { makeArguments: none },
}

/** All methods that random calls are made of. */
export const calledMethods = Reflect.ownKeys(methodCalls) as readonly Methods[]
/** Ends a run, so it is called rarely. */
const isEnding = (name: Methods) => name === 'close' || name === Symbol.asyncDispose

const step = fc
  .oneof(
    { weight: 40, arbitrary: fc.constantFrom(...calledMethods.filter((name) => !isEnding(name))) },
    { weight: 1, arbitrary: fc.constantFrom(...calledMethods.filter(isEnding)) },
  )
  .chain((name) =>
    fc.record({
      name: fc.constant(name),
      makeArguments: methodCalls[name].makeArguments,
      isInNamespace: fc.boolean(),
      /** Replaces one argument by anything, or adds it. */
      wrong: fc.option(fc.record({ index: fc.nat(2), value }), { freq: 2 }),
      extra: value,
      wait: fc.constantFrom(0, 10, 100_000),
    }),
  )

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Lets virtual time pass until the work has settled. */
async function settle<T>(clock: ReturnType<typeof manualClock>, work: Promise<T>): Promise<T> {
  let isSettled = false
  const done = () => {
    isSettled = true
  }
  work.then(done, done)
  for (let second = 0; second < 100 && !isSettled; second += 1) await clock.advance(1_000)
  if (!isSettled) throw new Error('The call has not settled within 100 s.')
  return work
}

/** Values that a call hands over as an argument, even if it is not the right one. */
function recordArguments(name: Methods, args: Arguments, model: Model): void {
  if (name === 'set') model.hand(args[0] as string, args[1])
  if (name !== 'setMany' || !Array.isArray(args[0])) return
  for (const pair of args[0]) if (Array.isArray(pair)) model.hand(pair[0], pair[1])
}

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Throws random calls at caches. Rejects with the first counterexample: another error, or a value that no function has returned. */
export async function assertRandomCalls(numRuns: number): Promise<void> {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), runCalls), { numRuns })
}

async function runCalls(steps: readonly Step[]): Promise<void> {
  const clock = manualClock()
  const root = createCache({ name: 'test', store: mapStore(), clock, logger })
  const caches = [root, root.namespace('n')].map((cache) => ({ cache, model: createModel() }))
  for (const { name, makeArguments, isInNamespace, wrong, extra, wait } of steps) {
    const { cache, model } = caches[Number(isInNamespace)] ?? { cache: root, model: createModel() }
    const args = makeArguments(model)
    // Another text in the place of a key is a right call, whose values the model does not know.
    if (wrong !== null && !(wrong.index === 0 && typeof wrong.value === 'string'))
      args[wrong.index] = wrong.value
    recordArguments(name, args, model)
    const call = async () => {
      const result = await (cache[name] as (...given: Arguments) => unknown)(...args)
      await methodCalls[name].check?.(result, args, model, extra)
    }
    await settle(clock, call()).catch((error) => {
      if (!(error instanceof LarderError || error instanceof OwnError)) throw error
    })
    if (wait > 0) await clock.advance(wait)
  }
  await settle(clock, root.close())
}
