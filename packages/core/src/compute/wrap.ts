import type { Cache, Wrapped } from '../contracts/cache'
import { canonicalKey } from '../entry/canonical-key'
import { memoizeKeys } from '../entry/key-memo'
import { LarderError } from '../errors'
import type { ComputeOptions, WrapOptions } from '../options'

type Fn = (this: unknown, ...args: unknown[]) => unknown

/** What a wrapped function asks of its cache. */
export interface WrapTarget {
  /** What is at hand and needs no further thought. */
  quick(key: string): Promise<unknown> | undefined
  /** What is not: found elsewhere, or computed. */
  obtain: Cache['getOrCompute']
  delete: Cache['delete']
  peek: Cache['peek']
}

/**
 * Makes a function cache what it returns. The key is made of the function's name and its arguments.
 * @throws LarderError `BAD_OPTION` if the function has no name to make keys of.
 */
export function wrapFunction(
  cache: WrapTarget,
  fn: Fn,
  options: WrapOptions<unknown[], unknown>,
): Wrapped<Fn> {
  const { name = fn.name, key, version, tags, ...rest } = options
  if (name === '') {
    throw new LarderError(
      'BAD_OPTION',
      "wrap: the function has no name to make keys of. Write wrap(fn, { name: 'loadUser' }).",
    )
  }
  const prefix = version === undefined ? `${name}(` : `${name}@${version}(`
  const keyOfOne = memoizeKeys((argument) => `${prefix}${canonicalKey([argument])})`)

  function keyOf(...args: unknown[]): string {
    if (key !== undefined) return `${prefix}${key(...args)})`
    const [first] = args
    const isOne = args.length === 1 && (typeof first === 'string' || typeof first === 'number')
    return isOne ? keyOfOne(first) : `${prefix}${canonicalKey(args)})`
  }
  const optionsFor = (args: unknown[]): ComputeOptions =>
    typeof tags === 'function' ? { ...rest, tags: (value) => tags(args, value) } : fixed
  const fixed: ComputeOptions = typeof tags === 'function' ? rest : { ...rest, tags }

  function call(this: unknown, ...args: unknown[]): Promise<unknown> {
    try {
      const key = keyOf(...args)
      return cache.quick(key) ?? cache.obtain(key, () => fn.apply(this, args), optionsFor(args))
    } catch (error) {
      // Arguments that cannot be a key are a rejection, like every other failure of a call.
      return Promise.reject(error)
    }
  }
  async function refresh(this: unknown, ...args: unknown[]): Promise<unknown> {
    return cache.obtain(keyOf(...args), () => fn.apply(this, args), { ...optionsFor(args), fresh: true })
  }
  return Object.assign(call, {
    keyOf,
    refresh,
    invalidate: async (...args: unknown[]) => cache.delete(keyOf(...args)),
    peek: (...args: unknown[]) => cache.peek(keyOf(...args)),
  })
}
