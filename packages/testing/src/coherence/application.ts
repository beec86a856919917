import type { Cache, Clock, Store } from '@larder/core'
import type { Arbitrary } from 'fast-check'

/** The store and the clock to create the application's cache with: `createCache({ name: 'team', ...tools })`. */
export interface Tools {
  readonly store: Store
  readonly clock: Clock
}

/** The application under test, or a part of it. */
export interface Application {
  readonly cache: Cache
}

/** A cached read, and the read of the source that it must agree with. */
export interface CoherentRead<App, Args extends readonly unknown[]> {
  readonly args: Arbitrary<Args>
  /** Reads through the cache. */
  readonly cached: (app: App, ...args: Args) => unknown
  /** Reads from the source of truth, bypassing the cache. */
  readonly source: (app: App, ...args: Args) => unknown
}

/** A write: it changes the source and must invalidate every cached value that depends on the change. */
export interface CoherentWrite<App, Args extends readonly unknown[]> {
  readonly args: Arbitrary<Args>
  readonly run: (app: App, ...args: Args) => unknown
}

/** Options of {@link checkCoherence}: how to open the application, and its reads and writes. */
export interface CoherenceOptions<
  App extends Application,
  Reads extends Record<string, readonly unknown[]>,
  Writes extends Record<string, readonly unknown[]>,
> {
  /** Creates a new application for each run. */
  readonly open: (tools: Tools) => App | Promise<App>
  readonly reads: { readonly [Name in keyof Reads]: CoherentRead<App, Reads[Name]> }
  readonly writes: { readonly [Name in keyof Writes]: CoherentWrite<App, Writes[Name]> }
  /** Whether calls of the store sometimes fail or hang. @defaultValue `true` */
  readonly faults?: boolean | undefined
}

/** {@link CoherentRead} with erased types. */
interface AnyRead {
  readonly args: Arbitrary<unknown>
  readonly cached: (app: never, ...args: never) => unknown
  readonly source: (app: never, ...args: never) => unknown
}

/** {@link CoherentWrite} with erased types. */
interface AnyWrite {
  readonly args: Arbitrary<unknown>
  readonly run: (app: never, ...args: never) => unknown
}

/** {@link CoherenceOptions} with erased types. */
export interface AnyOptions {
  readonly open: (tools: Tools) => Application | Promise<Application>
  readonly reads: Readonly<Record<string, AnyRead>>
  readonly writes: Readonly<Record<string, AnyWrite>>
  readonly faults?: boolean | undefined
}
