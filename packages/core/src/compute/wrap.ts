import type { Cache, Wrapped } from '../contracts/cache'
import { canonicalKey } from '../entry/canonical'
import { LarderError } from '../errors'
import type { ComputeOptions, WrapOptions } from '../options'

type Fn = (this: unknown, ...args: unknown[]) => unknown

/** What a wrapped function asks of its cache: rules are resolved once, not at each call. */
export interface WrapTarget {
  getOrCompute: Cache['getOrCompute']
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
  const keyOf = (...args: unknown[]) => `${prefix}${key === undefined ? canonicalKey(args) : key(...args)})`
  const optionsFor = (args: unknown[]): ComputeOptions =>
    typeof tags === 'function' ? { ...rest, tags: (value) => tags(args, value) } : fixed
  const fixed: ComputeOptions = typeof tags === 'function' ? rest : { ...rest, tags }

  function call(this: unknown, ...args: unknown[]): Promise<unknown> {
    return cache.getOrCompute(keyOf(...args), () => fn.apply(this, args), optionsFor(args))
  }
  function refresh(this: unknown, ...args: unknown[]): Promise<unknown> {
    return cache.getOrCompute(keyOf(...args), () => fn.apply(this, args), {
      ...optionsFor(args),
      fresh: true,
    })
  }
  return Object.assign(call, {
    keyOf,
    refresh,
    invalidate: (...args: unknown[]) => cache.delete(keyOf(...args)),
    peek: (...args: unknown[]) => cache.peek(keyOf(...args)),
  })
}
