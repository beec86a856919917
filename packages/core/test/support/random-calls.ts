import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type Cache, createCache, LarderError } from '../../src/index'
import { type CallModel, createCallModel } from './call-model'
import { manualClock } from './manual-clock'
import { mapStore } from './map-tier'

/** The error that the functions of the application throw. */
class OwnError extends Error {}

type Arguments = unknown[]
type MakeArguments = (model: CallModel) => Arguments

/** How to call one method rightly, and how to check its result. */
interface MethodCall {
  readonly makeArguments: fc.Arbitrary<MakeArguments>
  /**
   * Checks the result, and calls the functions that it consists of. `extra` is an argument that is right or wrong for them.
   * Returns what the caller waits for.
   */
  check?(result: unknown, args: Arguments, model: CallModel, extra: unknown): unknown
}

/** The names of all methods of a cache. */
export type Methods = {
  [Name in keyof Cache]: Cache[Name] extends (...args: never[]) => unknown ? Name : never
}[keyof Cache]

const key = fc.constantFrom('a', 'a', 'a', 'b', '@c/d', 'e'.repeat(5_000), `${'e'.repeat(5_000)}f`)
/** A key that is asked for twice by one call gives the same object twice. */
const keys = fc.uniqueArray(key, { maxLength: 4 })
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
/** Data as applications cache it: records and lists in each other. */
const plain = fc
  .constantFrom({ a: 1 }, { a: { b: [1] } }, [1, 2], [{ a: 1 }], 'text', 7)
  .map((one) => structuredClone(one))
const value = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 3, arbitrary: anyValue },
  { weight: 1, arbitrary: unusual },
)
/** A value that the report of a failed run can print, whatever happens to those who read it. */
const printable = value.map((given) => ({ given, [fc.toStringMethod]: () => inspect(given) }))
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
const unusualOptions = fc.record(
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

const options = fc.oneof(fc.constant({}), fc.record({ tags: tag }), unusualOptions)

/** A function of the application: it fails, or returns a value of the key. */
const source = fc
  .record({ fails: fc.boolean(), isAsync: fc.boolean(), value })
  .map(
    ({ fails, isAsync, value: given }) =>
      (model: CallModel, of: string, options: unknown) =>
      (id?: unknown) => {
        if (fails && isAsync) return Promise.reject(new OwnError('from the source'))
        if (fails) throw new OwnError('from the source')
        const own = typeof id === 'number' ? { id, given } : given
        const handed = model.hand(typeof id === 'number' ? `${of} ${id}` : of, own, options)
        return isAsync ? Promise.resolve(handed) : handed
      },
  )

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
  .map(({ fails, value: given }) => (model: CallModel, options: unknown) => (missing: readonly string[]) => {
    if (fails) throw new OwnError('from the source of many')
    return missing.map((of) => model.hand(of, { of, given }, options))
  })

/** A computed value is one that was handed over: what a failed function has not returned is not `undefined`. */
function computed(result: unknown, [of]: Arguments, model: CallModel): void {
  assert.ok(model.allows(of, result))
  model.spoilResult(result)
}
const allowed = (result: unknown, args: Arguments, model: CallModel): void => {
  if (result !== undefined) computed(result, args, model)
}
/** The value of an entry that may still be served. */
function valueInView(view: unknown): unknown {
  const { state, value: found } = (view ?? { state: 'dead' }) as {
    readonly state: string
    readonly value?: unknown
  }
  return state === 'dead' ? undefined : found
}
const allAllowed = (result: unknown, args: Arguments, model: CallModel): void => {
  const asked = args[0] as string[]
  for (const [index, one] of (result as unknown[]).entries()) allowed(one, [asked[index]], model)
}

/** A call of every method. A method without one does not compile, and fails the first test. */
const methodCalls: Readonly<Record<Methods, MethodCall>> = {
  get: { makeArguments: fixed(key), check: allowed },
  getMany: { makeArguments: fixed(keys), check: allAllowed },
  getLocal: { makeArguments: fixed(key), check: allowed },
  has: { makeArguments: fixed(key) },
  peek: {
    makeArguments: fixed(key),
    check: (result, args, model) => allowed(valueInView(result), args, model),
  },
  set: { makeArguments: fixed(key, value, options) },
  setMany: { makeArguments: fixed(fc.array(fc.tuple(key, value), { maxLength: 3 }), options) },
  delete: { makeArguments: fixed(key), check: (_, [of], model) => model.endKey(of) },
  deleteMany: {
    makeArguments: fixed(keys),
    check: (_, [ended], model) => (ended as unknown[]).forEach(model.endKey),
  },
  clear: { makeArguments: none, check: (_result, _args, model) => model.endAll() },
  touch: { makeArguments: fixed(key, duration) },
  getOrCompute: {
    makeArguments: fc.tuple(key, source, options).map(([of, makeSource, given]) => (model) => [
      of,
      makeSource(model, of, given),
      given,
    ]),
    check: computed,
  },
  getManyOrCompute: {
    makeArguments: fc.tuple(keys, sourceOfMany, options).map(([of, makeSource, given]) => (model) => [
      of,
      makeSource(model, given),
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
      return beginning.fill(model.hand(args[0], { filled: args[0] }, args[1]), extra)
    },
  },
  loader: {
    makeArguments: fc.tuple(sourceOfMany, options).map(([makeSource, given]) => (model) => [
      makeSource(model, given),
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
      .map(([name, makeSource, given]) => (model) => [makeSource(model, name, given), { ...given, name }]),
    async check(result, args, model, extra) {
      const wrapped = result as Record<string, (...given: unknown[]) => unknown>
      const { name } = args[1] as { name: string }
      const call = result as (id: unknown) => unknown
      allowed(valueInView(wrapped.peek?.(1)), [`${name} 1`], model)
      computed(await call(1), [`${name} 1`], model)
      computed(await wrapped.refresh?.(2), [`${name} 2`], model)
      computed(await call(1), [`${name} 1`], model)
      allowed(await call(extra), [typeof extra === 'number' ? `${name} ${extra}` : name], model)
      await wrapped.invalidate?.(1)
      model.endKey(`${name} 1`)
      assert.equal(typeof wrapped.keyOf?.([1, 'x']), 'string')
    },
  },
  invalidate: {
    makeArguments: fixed(fc.oneof(tag, fc.array(tag, { maxLength: 2 }))),
    check: (_, [ended], model) => model.endTags([ended as string | string[]].flat()),
  },
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
    makeArguments: fc.tuple(fc.boolean(), value).map(([fails, given]) => () => [
      () => {
        if (fails) throw new OwnError('from a transaction')
        return given
      },
    ]),
    check: (result) => result,
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

const stepOf = (names: readonly Methods[]) =>
  fc.constantFrom(...names).chain((name) =>
    fc.record({
      name: fc.constant(name),
      makeArguments: methodCalls[name].makeArguments,
      isInNamespace: fc.boolean(),
      /** Replaces one argument by anything, or adds it. */
      wrong: fc.oneof(
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.record({ index: fc.nat(2), value: printable }) },
      ),
      extra: printable,
      wait: fc.constantFrom(0, 0, 10, 100_000),
    }),
  )

const fillingMethods: readonly Methods[] = [
  'set',
  'setMany',
  'getOrCompute',
  'getManyOrCompute',
  'begin',
  'wrap',
  'loader',
]
/** Methods that end entries, and one that does not. */
const endingMethods: readonly Methods[] = ['get', 'delete', 'deleteMany', 'clear', 'invalidate']
const readingMethods: readonly Methods[] = [
  'get',
  'getMany',
  'getLocal',
  'peek',
  'getOrCompute',
  'getManyOrCompute',
]

/**
 * Each run calls few of the methods, and calls them often (swarm testing; Groce et al., ISSTA 2012): with all of them, those
 * that find a fault together hardly ever meet.
 */
const anySteps = fc
  .tuple(
    fc.constantFrom(...fillingMethods),
    fc.constantFrom(...readingMethods),
    fc.constantFrom(...endingMethods),
    fc.uniqueArray(fc.constantFrom(...calledMethods), { maxLength: 2 }),
  )
  .chain(([filling, reading, ending, others]) => {
    const lasting = others.filter((name) => !isEnding(name))
    const steps = fc.array(stepOf([filling, reading, ending, ...lasting]), { maxLength: 12, size: 'max' })
    const lastSteps = fc.array(stepOf([filling, ...others]), {
      maxLength: others.length > lasting.length ? 3 : 0,
    })
    return fc.tuple(steps, lastSteps).map((parts) => parts.flat())
  })

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer S> ? S : never

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
function recordArguments(name: Methods, args: Arguments, model: CallModel): void {
  if (name === 'set') args[1] = model.hand(args[0], args[1], args[2])
  if (name !== 'setMany' || !Array.isArray(args[0])) return
  args[0] = args[0].map((pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 ? [pair[0], model.hand(pair[0], pair[1], args[1])] : pair,
  )
}

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Throws random calls at caches. Rejects with the first counterexample: another error, or a value that no function has returned. */
export async function assertRandomCalls(numRuns: number, seed?: number): Promise<void> {
  const reproducible = seed === undefined ? {} : { seed, endOnFailure: true }
  await fc.assert(fc.asyncProperty(anySteps, runCalls), {
    numRuns,
    ...reproducible,
  })
}

async function runCalls(steps: readonly Step[]): Promise<void> {
  const clock = manualClock()
  const root = createCache({ name: 'test', store: mapStore(), clock, logger })
  const caches = [root, root.namespace('n')].map((cache) => ({ cache, model: createCallModel() }))
  for (const { name, makeArguments, isInNamespace, wrong, extra, wait } of steps) {
    const { cache, model } = caches[Number(isInNamespace)] ?? { cache: root, model: createCallModel() }
    const args = makeArguments(model)
    // Another text in the place of a key is a right call, whose values the model does not know.
    if (wrong !== null && !(wrong.index === 0 && typeof wrong.value.given === 'string'))
      args[wrong.index] = wrong.value.given
    model.beginCall(wrong !== null)
    recordArguments(name, args, model)
    const call = async () => {
      const result = await (cache[name] as (...given: Arguments) => unknown)(...args)
      await methodCalls[name].check?.(result, args, model, extra.given)
    }
    await settle(clock, call()).catch((error) => {
      if (!(error instanceof LarderError || error instanceof OwnError)) throw error
    })
    model.spoilOwned()
    if (wait > 0) await clock.advance(wait)
  }
  await settle(clock, root.close())
}
