import { createArgumentLists } from '../arguments/argument-list'
import { badArgument } from '../arguments/check-arguments'
import { describeValue, nameOfFunction } from '../arguments/describe-value'
import { refuseNames } from '../arguments/refuse-names'
import type { Cache } from '../contracts/cache'
import type { Wrapped } from '../contracts/wrapped'
import { copySignature } from '../copy-signature'
import { canonicalKey } from '../entry/canonical-key'
import { isNativeSource } from '../entry/hidden-state'
import { memoizeKeys } from '../entry/key-memo'
import { LarderError } from '../errors'
import { isThenable } from '../maybe-promise'
import type { ComputeOptions, WrapOptions } from '../options'
import type { FunctionCounts } from '../telemetry/function-counts'
import { type SourceLimit, sourceLimitOf } from './source-limit'

type Fn = (this: unknown, ...args: unknown[]) => unknown

/** The parts of a request that are the same for all calls of one function. */
export interface FunctionOwner {
  readonly counts: FunctionCounts
  /** The limit on computations of the function. */
  readonly limit: SourceLimit | undefined
}

/** The parts of a cache that a wrapped function needs. */
interface WrapTarget {
  /** Fast path: the value, if a local entry can be served as it is. */
  tryFastPath(key: string, counts: FunctionCounts): Promise<unknown> | undefined
  readThrough(
    key: string,
    compute: () => unknown,
    options: ComputeOptions,
    owner: FunctionOwner,
  ): Promise<unknown>
  delete: Cache['delete']
  /** Claims the beginning of all keys of a function. @throws LarderError `BAD_OPTION` if another function has it. */
  claimName(prefix: string, name: string, fn: Fn, isShared: boolean): void
  /** The counts of the function with this name. */
  countsOf(name: string): FunctionCounts
  /** Warns once per topic. */
  warnOnce(topic: string, message: string): void
  peek: Cache['peek']
}

/**
 * Makes a function cache the values it returns. The key is made of the function's name and its arguments.
 * @throws LarderError `BAD_OPTION` if the function has no name to make keys of, or another function has its name.
 */
export function wrapFunction(
  cache: WrapTarget,
  fn: Fn,
  options: WrapOptions<unknown[], unknown>,
): Wrapped<Fn> {
  const { name = nameOf(fn), shared = false, key, version, tags, maxConcurrentComputes, ...rest } = options
  const prefix = version === undefined ? `${name}(` : `${name}@${version}(`
  cache.claimName(prefix, name, fn, shared)
  const counts = cache.countsOf(name)
  const owner: FunctionOwner = { counts, limit: sourceLimitOf(maxConcurrentComputes) }
  const keyOf = createKeyOf(name, prefix, key)
  const isOtherReceiver = key === undefined && !shared ? createReceiverCheck(fn) : () => false
  const sharedOptions: ComputeOptions = typeof tags === 'function' ? rest : { ...rest, tags }
  const toTagArguments = createArgumentLists(`The option tags of "${name}"`)
  const optionsFor = (args: unknown[]): ComputeOptions =>
    typeof tags === 'function'
      ? { ...rest, tags: (value) => tags(toTagArguments([...args]), value) }
      : sharedOptions

  /** The key does not tell the objects of a method apart: without caching, each gets its own value. */
  async function callUncached(receiver: unknown, args: unknown[]): Promise<unknown> {
    cache.warnOnce(
      `receiver ${name}`,
      `the wrapped method "${name}" was called on several objects, and its keys do not tell them apart: only the calls on the first are cached. Write wrap(fn, { key([id]) { return \`\${this.id} \${id}\` } }), or { shared: true } if all of them read the same data.`,
    )
    return fn.apply(receiver, args)
  }

  function callCached(this: unknown, ...args: unknown[]): Promise<unknown> {
    try {
      if (isOtherReceiver(this)) return callUncached(this, args)
      const key = keyOf.apply(this, args)
      return (
        cache.tryFastPath(key, counts) ??
        cache.readThrough(key, () => fn.apply(this, args), optionsFor(args), owner)
      )
    } catch (error) {
      // Arguments that cannot be a key reject the call, like every other failure.
      return Promise.reject(error)
    }
  }
  async function refresh(this: unknown, ...args: unknown[]): Promise<unknown> {
    if (isOtherReceiver(this)) return callUncached(this, args)
    const options = { ...optionsFor(args), fresh: true }
    return cache.readThrough(keyOf.apply(this, args), () => fn.apply(this, args), options, owner)
  }
  async function invalidate(...args: unknown[]) {
    if (args.length === 0 && fn.length > 0) throw noArgumentsError(name)
    return cache.delete(keyOf(...args))
  }
  Object.setPrototypeOf(callCached, namesElsewhere)
  return Object.assign(copySignature(callCached, fn, name), {
    keyOf,
    refresh,
    invalidate,
    peek: (...args: unknown[]) => cache.peek(keyOf(...args)),
  })
}

const endOneOrSeveral = 'invalidate(...args) for one call, or cache.invalidate(tag) for several'

/** Methods and properties of functions that other libraries have memoized (memoizee, lodash, p-memoize). */
const namesElsewhere = refuseNames(
  Function.prototype,
  {
    methods: {
      [endOneOrSeveral]: 'clear clearCache invalidateAll',
      'invalidate(...args)': 'delete forget',
      'keyOf(...args)': 'getKey',
      'peek(...args)': 'get has',
      'refresh(...args)': 'revalidate',
    },
    // `wrapped.cache.clear()`, `wrapped.cache.delete(key)`
    properties: { [endOneOrSeveral]: 'cache' },
  },
  (given, own) => `A wrapped function has no ${given}. Write wrapped.${own}.`,
)

/** The entry of a call without arguments is not what a caller means who wants all of them to end. */
function noArgumentsError(name: string): LarderError {
  return badArgument(
    `The invalidate of "${name}" ends the value of one call, and got no arguments.`,
    `${/^[\w$]+$/.test(name) ? name : 'wrapped'}.invalidate(id), or cache.invalidate(tag)`,
  )
}

/** Names that minifiers give, or that say nothing about the function. */
const poorName = /^(?:.{0,2}|bound .*|anonymous|default)$/

/** The function's own name, if it can distinguish its keys from those of other functions. */
function nameOf(fn: Fn): string {
  const name = nameOfFunction(fn)
  if (!poorName.test(name)) return name
  const problem =
    name === '' ? 'the function has no name' : `the name "${name}" does not identify the function`
  throw new LarderError(
    'BAD_OPTION',
    `wrap: ${problem}, and keys are made of it. Write wrap(fn, { name: 'loadUser' }).`,
  )
}

type KeyOption = ((args: unknown[]) => string) | undefined

/** Makes the keys of a wrapped function: `name(arguments)`, or `name@version(arguments)`. */
function createKeyOf(
  name: string,
  prefix: string,
  key: KeyOption,
): (this: unknown, ...args: unknown[]) => string {
  if (key !== undefined) {
    const keyOfList = createKeyOfList(name, key)
    return function (...args) {
      return `${prefix}${keyOfList(this, [...args])})`
    }
  }
  const keyOfOne = memoizeKeys((argument) => `${prefix}${canonicalKey([argument])})`)
  return (...args) => {
    const [first] = args
    const isOne = args.length === 1 && (typeof first === 'string' || typeof first === 'number')
    return isOne ? keyOfOne(first) : `${prefix}${canonicalKey(args)})`
  }
}

/** Calls the `key` of a user. How it takes its arguments is checked until it has made a key: a hit has no time for it. */
function createKeyOfList(
  name: string,
  key: NonNullable<KeyOption>,
): (receiver: unknown, args: unknown[]) => string {
  const toKeyArguments = createArgumentLists(`The option key of "${name}"`)
  let hasMadeKey = false
  return (receiver, args) => {
    const made = checkOwnKey(name, key.call(receiver, hasMadeKey ? args : toKeyArguments(args)))
    hasMadeKey = true
    return made
  }
}

/** @throws LarderError `BAD_KEY`: anything but a text would become the same text for all calls, such as `[object Object]`. */
function checkOwnKey(name: string, key: unknown): string {
  if (typeof key === 'string' && key !== '') return key
  const got = isThenable(key) ? 'a promise' : describeValue(key)
  throw new LarderError(
    'BAD_KEY',
    `wrap: the key of "${name}" must return a text that is not empty; got ${got}. Write { key: ([user]) => String(user.id) }.`,
  )
}

/** Recognizes calls on another object, or class, than the first one. Functions that do not use `this` have no such calls. */
function createReceiverCheck(fn: Fn): (receiver: unknown) => boolean {
  if (!mayUseReceiver(fn)) return () => false
  let first: WeakRef<object> | undefined
  return (receiver) => {
    if ((typeof receiver !== 'object' && typeof receiver !== 'function') || receiver === null) return false
    first ??= new WeakRef(receiver)
    return first.deref() !== receiver
  }
}

/** Native methods do not show that they use `this`; bound functions have an object of their own. */
function mayUseReceiver(fn: Fn): boolean {
  const source = Function.prototype.toString.call(fn)
  return isNativeSource(source) ? !fn.name.startsWith('bound ') : /\bthis\b|\bsuper\b/.test(source)
}
