import type { Cache } from './contracts/cache'
import { LarderError } from './errors'
import type { TransactionOptions, WrapOptions } from './options'

/** A method of a class that is called with `this`. */
type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Promise<Result>

/** The part of `ClassMethodDecoratorContext` that is looked at. */
interface MethodContext {
  readonly kind: string
}

/** A cache, or the function that finds the cache of an instance: `(users) => users.cache`. */
export type CacheOf<This> = Cache | ((instance: This) => Cache)

/**
 * A decorator (TC39, TypeScript 5) that caches the results of a method by its arguments, as {@link Cache.wrap} does. Instances
 * that share a cache need a `key` that tells them apart, or `shared: true` if the result depends on nothing but the arguments.
 *
 * @example
 * ```ts
 * class Users {
 *   constructor(readonly cache: Cache, readonly db: Database) {}
 *
 *   @wrap((users: Users) => users.cache, { name: 'user', shared: true, tags: ([id]) => [`user:${id}`] })
 *   find(id: number): Promise<User> {
 *     return this.db.user(id)
 *   }
 * }
 * ```
 * @throws LarderError `BAD_OPTION` on anything but a method.
 */
export function wrap<This, Args extends unknown[], Result>(
  cache: CacheOf<This>,
  options: WrapOptions<Args, Result> & { readonly name: string },
) {
  return <A extends Args, R extends Result>(method: Method<This, A, R>, context: MethodContext) => {
    requireMethod('wrap', context)
    return wrapPerCache(cache, (found) => found.wrap(method, options as object))
  }
}

/**
 * A decorator (TC39, TypeScript 5) that invalidates tags after each call of a method, as {@link Cache.wrapWrite} does.
 *
 * @example
 * ```ts
 * class Users {
 *   @wrapWrite((users: Users) => users.cache, ([id]) => [`user:${id}`])
 *   async rename(id: number, name: string): Promise<void> {
 *     await this.db.rename(id, name)
 *   }
 * }
 * ```
 * @throws LarderError `BAD_OPTION` on anything but a method.
 */
export function wrapWrite<This, Args extends unknown[], Result>(
  cache: CacheOf<This>,
  tags: (args: Args, result: Result | undefined) => string | readonly string[],
  options?: TransactionOptions,
) {
  return <A extends Args, R extends Result>(method: Method<This, A, R>, context: MethodContext) => {
    requireMethod('wrapWrite', context)
    return wrapPerCache(cache, (found) => found.wrapWrite(method, tags as never, options))
  }
}

/** A method that calls the wrapped one of its instance's cache. A cache wraps the method once, at the first call. */
function wrapPerCache<This, Args extends unknown[], Result>(
  cache: CacheOf<This>,
  wrapMethod: (cache: Cache) => Method<This, Args, Result>,
): Method<This, Args, Result> {
  const wrappedBy = new WeakMap<Cache, Method<This, Args, Result>>()
  return function (this: This, ...args: Args) {
    const found = typeof cache === 'function' ? cache(this) : cache
    const wrapped = wrappedBy.get(found) ?? wrapMethod(found)
    wrappedBy.set(found, wrapped)
    return wrapped.apply(this, args)
  }
}

/** TypeScript's older decorators (`experimentalDecorators`) are called without a context. */
function requireMethod(name: string, context: MethodContext | undefined): void {
  if (context?.kind === 'method') return
  throw new LarderError(
    'BAD_OPTION',
    `@${name} decorates methods, with the decorators of TypeScript 5 (without \`experimentalDecorators\`).`,
  )
}
