import type { EntryView } from './inspection'
import type { Invalidated } from './invalidated'

/**
 * A function with the signature of the wrapped one, whose results are cached. A function that returns promises keeps all its
 * overloads and type parameters. One that does not gets promises instead, and TypeScript can express that for its last
 * overload only, without type parameters; the same holds for `refresh`, `peek` and the options of `wrap`.
 */
export type Wrapped<F extends (...args: never[]) => unknown> = CachedCall<F> & {
  /**
   * Invalidates the entry for these arguments.
   *
   * @example
   * ```ts
   * await loadUser.invalidate(42)
   * ```
   */
  invalidate(...args: Parameters<F>): Promise<Invalidated>
  /**
   * Computes the value again even if a fresh one is cached, and stores it.
   *
   * @example
   * ```ts
   * const user = await loadUser.refresh(42)
   * ```
   */
  refresh(this: ThisParameterType<F>, ...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>
  /** The local entry for these arguments, in any state, without side effects. */
  peek(...args: Parameters<F>): EntryView<Awaited<ReturnType<F>>> | undefined
  /** The cache key for these arguments. */
  keyOf(...args: Parameters<F>): string
}

type CachedCall<F extends (...args: never[]) => unknown> =
  IsPromise<ReturnType<F>> extends true
    ? CallSignatures<F>
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>

/** `false` for `any` and `never`, which extend every type. */
type IsPromise<R> = [R] extends [never]
  ? false
  : 0 extends 1 & R
    ? false
    : R extends Promise<unknown>
      ? true
      : false

/** A function without properties is its own signatures. The properties of another one are not there once it is wrapped. */
type CallSignatures<F extends (...args: never[]) => unknown> = [keyof F] extends [never]
  ? F
  : (this: ThisParameterType<F>, ...args: Parameters<F>) => ReturnType<F>
