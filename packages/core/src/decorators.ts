import { badArgument, requireSynchronous } from './arguments/check-arguments'
import { checkOptions } from './arguments/check-options'
import { describeValue } from './arguments/describe-value'
import { entryOptionKinds } from './compute/rules'
import type { Cache } from './contracts/cache'
import { copySignature } from './copy-signature'
import { LarderError } from './errors'
import { transactionOptionTable, wrapOptionTable } from './methods/option-tables'
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
  requireCache('wrap', cache, options)
  checkOptions('@wrap', options, { ...entryOptionKinds, ...wrapOptionTable })
  return <A extends Args, R extends Result>(method: Method<This, A, R>, context: MethodContext) => {
    requireMethod('wrap', context)
    const wrapped = wrapPerCache('wrap', cache, (found) => found.wrap(method, options as object))
    return copySignature(wrapped, method)
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
  requireCache('wrapWrite', cache, tags)
  requireSynchronous('@wrapWrite, as its second argument,', tags, examples.wrapWrite)
  checkOptions('@wrapWrite', options, transactionOptionTable)
  return <A extends Args, R extends Result>(method: Method<This, A, R>, context: MethodContext) => {
    requireMethod('wrapWrite', context)
    const wrapped = wrapPerCache('wrapWrite', cache, (found) =>
      found.wrapWrite(method, tags as never, options),
    )
    return copySignature(wrapped, method)
  }
}

/** A method that calls the wrapped one of its instance's cache. A cache wraps the method once, at the first call. */
function wrapPerCache<This, Args extends unknown[], Result>(
  name: DecoratorName,
  cache: CacheOf<This>,
  wrapMethod: (cache: Cache) => Method<This, Args, Result>,
): Method<This, Args, Result> {
  const wrappedBy = new WeakMap<Cache, Method<This, Args, Result>>()
  return function (this: This, ...args: Args) {
    const found = typeof cache === 'function' ? cache(this) : cache
    if (!isCache(found)) throw noCacheError(name, found)
    const wrapped = wrappedBy.get(found) ?? wrapMethod(found)
    wrappedBy.set(found, wrapped)
    return wrapped.apply(this, args)
  }
}

type DecoratorName = 'wrap' | 'wrapWrite'

const examples: Readonly<Record<DecoratorName, string>> = {
  wrap: "@wrap((users) => users.cache, { name: 'user' })",
  wrapWrite: "@wrapWrite((users) => users.cache, ([id]) => 'user:' + id)",
}

const isCache = (value: unknown) => typeof (value as Partial<Cache> | null | undefined)?.wrap === 'function'

function noCacheError(name: DecoratorName, got: unknown): LarderError {
  return badArgument(
    `@${name} needs a cache, or a function that finds the one of an instance; got ${describeValue(got)}.`,
    examples[name],
  )
}

/** @throws LarderError `BAD_ARGUMENT`, for a decorator without arguments too: it gets the method and its context. */
function requireCache(name: DecoratorName, cache: unknown, next: unknown): void {
  const isBare = typeof (next as Partial<MethodContext> | null | undefined)?.kind === 'string'
  if (isBare || (typeof cache !== 'function' && !isCache(cache)))
    throw noCacheError(name, isBare ? undefined : cache)
}

/** TypeScript's older decorators (`experimentalDecorators`) are called without a context. */
function requireMethod(name: DecoratorName, context: MethodContext | undefined): void {
  if (context?.kind === 'method') return
  throw new LarderError(
    'BAD_OPTION',
    `@${name} decorates methods, with the decorators of TypeScript 5. With \`experimentalDecorators\`, as in NestJS, write this.find = cache.${name}(…) in the constructor.`,
  )
}
