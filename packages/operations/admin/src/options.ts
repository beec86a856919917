import type { Cache, Duration, WarmTask } from '@larder/core'

/** What somebody may do: look, or change things as well. */
export interface Access {
  readonly may: 'read' | 'write'
  /** Who it is, for the record of what was done. */
  readonly as?: string | undefined
}

/** Something that was done through the admin API. */
export interface AdminAction {
  readonly at: Date
  readonly cache: string
  readonly as: string | undefined
  readonly action: 'invalidate' | 'clear' | 'warm'
  /** What it was done to: keys, tags, patterns, the name of a warm-up. */
  readonly targets: readonly string[]
}

/** Options of `adminHandler`. */
export interface AdminOptions {
  /** The caches to operate; requests choose one by `?cache=name`, the first one by default. */
  readonly caches: Cache | readonly Cache[]
  /** Decides each request. `true` for everything, `false` or nothing for no access. */
  readonly authorize: (request: Request) => MaybePromise<boolean | Access | undefined>
  /** Whether `GET keys/{key}` shows values, which may be personal. @defaultValue false */
  readonly showValues?: boolean | undefined
  /** Warm-ups that can be started by name. @defaultValue none */
  readonly warmUps?: Readonly<Record<string, () => Iterable<WarmTask> | AsyncIterable<WarmTask>>> | undefined
  /** Hears of everything that is done. So does the channel `larder:admin` of `node:diagnostics_channel`. */
  readonly onAction?: ((action: AdminAction) => void) | undefined
  /** Hears of what fails here without being the client's fault. @defaultValue console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Invalidations remembered for `GET invalidations`. @defaultValue 1_000 */
  readonly maxHistory?: number | undefined
  /** Reads are counted by key while somebody asks, and for this long after. @defaultValue '5m' */
  readonly watchFor?: Duration | undefined
}

export type MaybePromise<T> = T | Promise<T>
