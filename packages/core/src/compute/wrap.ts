import type { Cache, Wrapped } from '../contracts/cache'
import { canonicalKey } from '../entry/canonical-key'
import { memoizeKeys } from '../entry/key-memo'
import { LarderError } from '../errors'
import type { ComputeOptions, WrapOptions } from '../options'
import { type SourceLimit, sourceLimitOf } from './source-limit'

type Fn = (this: unknown, ...args: unknown[]) => unknown

/** The parts of a cache that a wrapped function needs. */
interface WrapTarget {
  /** Fast path: the value, if a local entry can be served as it is. */
  tryFastPath(key: string): Promise<unknown> | undefined
  readThrough(
    key: string,
    compute: () => unknown,
    options: ComputeOptions,
    limit: SourceLimit | undefined,
  ): Promise<unknown>
  delete: Cache['delete']
  peek: Cache['peek']
}

/**
 * Makes a function cache the values it returns. The key is made of the function's name and its arguments.
 * @throws LarderError `BAD_OPTION` if the function has no name to make keys of.
 */
export function wrapFunction(
  cache: WrapTarget,
  fn: Fn,
  options: WrapOptions<unknown[], unknown>,
): Wrapped<Fn> {
  const { name, key, version, tags, maxConcurrentComputes, ...rest } = options
  const limit = sourceLimitOf(maxConcurrentComputes)
  const keyOf = createKeyOf(fn, options)
  const sharedOptions: ComputeOptions = typeof tags === 'function' ? rest : { ...rest, tags }
  const optionsFor = (args: unknown[]): ComputeOptions =>
    typeof tags === 'function' ? { ...rest, tags: (value) => tags(args, value) } : sharedOptions

  function callCached(this: unknown, ...args: unknown[]): Promise<unknown> {
    try {
      const key = keyOf(...args)
      return (
        cache.tryFastPath(key) ?? cache.readThrough(key, () => fn.apply(this, args), optionsFor(args), limit)
      )
    } catch (error) {
      // Arguments that cannot be a key reject the call, like every other failure.
      return Promise.reject(error)
    }
  }
  async function refresh(this: unknown, ...args: unknown[]): Promise<unknown> {
    const options = { ...optionsFor(args), fresh: true }
    return cache.readThrough(keyOf(...args), () => fn.apply(this, args), options, limit)
  }
  return Object.assign(callCached, {
    keyOf,
    refresh,
    invalidate: async (...args: unknown[]) => cache.delete(keyOf(...args)),
    peek: (...args: unknown[]) => cache.peek(keyOf(...args)),
  })
}

/** Makes the keys of a wrapped function: `name(arguments)`, or `name@version(arguments)`. */
function createKeyOf(
  fn: Fn,
  { name = fn.name, key, version }: WrapOptions<unknown[], unknown>,
): (...args: unknown[]) => string {
  if (name === '') {
    throw new LarderError(
      'BAD_OPTION',
      "wrap: the function has no name to make keys of. Write wrap(fn, { name: 'loadUser' }).",
    )
  }
  const prefix = version === undefined ? `${name}(` : `${name}@${version}(`
  const keyOfOne = memoizeKeys((argument) => `${prefix}${canonicalKey([argument])})`)

  return (...args) => {
    if (key !== undefined) return `${prefix}${key(...args)})`
    const [first] = args
    const isOne = args.length === 1 && (typeof first === 'string' || typeof first === 'number')
    return isOne ? keyOfOne(first) : `${prefix}${canonicalKey(args)})`
  }
}
