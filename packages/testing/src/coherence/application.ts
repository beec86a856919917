import type { Cache, Clock, Store } from '@larder/core'
import type { Arbitrary } from 'fast-check'

/** What a cache is made on, in a test: `createCache({ name: 'team', ...tools })`. */
export interface Tools {
  readonly store: Store
  readonly clock: Clock
}

/** An application, or the part of it that is tested. */
export interface Application {
  readonly cache: Cache
}

/** A cached read, and what it must agree with. */
export interface CoherentRead<App, Args extends readonly unknown[]> {
  readonly args: Arbitrary<Args>
  /** Through the cache. */
  readonly cached: (app: App, ...args: Args) => unknown
  /** From the source. */
  readonly source: (app: App, ...args: Args) => unknown
}

/** A write: it changes the source, and invalidates what depends on that. */
export interface CoherentWrite<App, Args extends readonly unknown[]> {
  readonly args: Arbitrary<Args>
  readonly run: (app: App, ...args: Args) => unknown
}

/** What a check of coherence is told. */
export interface CoherenceOptions<
  App extends Application,
  Reads extends Record<string, readonly unknown[]>,
  Writes extends Record<string, readonly unknown[]>,
> {
  /** Makes the application anew for each story. */
  readonly open: (tools: Tools) => App | Promise<App>
  readonly reads: { readonly [Name in keyof Reads]: CoherentRead<App, Reads[Name]> }
  readonly writes: { readonly [Name in keyof Writes]: CoherentWrite<App, Writes[Name]> }
  /** Whether the store fails and hangs now and then. @defaultValue `true` */
  readonly faults?: boolean | undefined
}

/** A read as a story uses it, whatever its arguments are. */
export interface AnyRead {
  readonly args: Arbitrary<unknown>
  readonly cached: (app: never, ...args: never) => unknown
  readonly source: (app: never, ...args: never) => unknown
}

/** A write as a story uses it. */
export interface AnyWrite {
  readonly args: Arbitrary<unknown>
  readonly run: (app: never, ...args: never) => unknown
}

/** Options of a check, whatever its application is. */
export interface AnyOptions {
  readonly open: (tools: Tools) => Application | Promise<Application>
  readonly reads: Readonly<Record<string, AnyRead>>
  readonly writes: Readonly<Record<string, AnyWrite>>
  readonly faults?: boolean | undefined
}
