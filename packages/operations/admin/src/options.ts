import type { Cache, Duration, WarmTask } from '@larder/core'

/** The access that `authorize` grants to a request. */
export interface Access {
  /** `read` allows `GET`; `write` also allows `POST`. */
  readonly may: 'read' | 'write'
  /** Name of the user, for `AdminAction.as`. */
  readonly as?: string | undefined
}

/** A change that was made through the admin API. */
export interface AdminAction {
  readonly at: Date
  /** Name of the cache. */
  readonly cache: string
  /** Name of the user, as `authorize` returned it. */
  readonly as: string | undefined
  readonly action: 'invalidate' | 'clear' | 'warm'
  /** The keys, tags and patterns invalidated, or the name of the warm-up. */
  readonly targets: readonly string[]
}

/** Options of `adminHandler`. */
export interface AdminOptions {
  /** The caches to operate. A request selects one by `?cache=name`; the default is the first. */
  readonly caches: Cache | readonly Cache[]
  /**
   * Called for each request. `true` grants write access, `false` and `undefined` refuse the request (403). An exception
   * is reported to `onError` and answered with 500.
   */
  readonly authorize: (request: Request) => MaybePromise<boolean | Access | undefined>
  /** Whether `GET keys/{key}` includes the value, which may be personal data. @defaultValue false */
  readonly showValues?: boolean | undefined
  /** Warm-ups that can be started, by name. @defaultValue none */
  readonly warmUps?: Readonly<Record<string, () => Iterable<WarmTask> | AsyncIterable<WarmTask>>> | undefined
  /**
   * Called after each change. The same actions are published on the channel `larder:admin` of
   * `node:diagnostics_channel`.
   */
  readonly onAction?: ((action: AdminAction) => void) | undefined
  /** Called with errors that are not the client's fault. @defaultValue console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Number of invalidations remembered for `GET invalidations`. @defaultValue 1_000 */
  readonly maxHistory?: number | undefined
  /** Reads are counted by key for this long after the last request for them. @defaultValue '5m' */
  readonly watchFor?: Duration | undefined
}

type MaybePromise<T> = T | Promise<T>
