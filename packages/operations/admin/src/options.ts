import type { AuditOptions, Cache, Duration, Service, WarmTask } from '@larder/core'

/** The access that `authorize` grants to a request. */
export interface Access {
  /** `read` allows `GET`; `write` also allows `POST`. */
  readonly may: 'read' | 'write'
  /** Name of the user, for `AdminAction.as`. */
  readonly as?: string | undefined
}

/** An action through the admin API: a change, or showing a value. Refused attempts and failures are recorded too. */
export interface AdminAction {
  readonly at: Date
  /** Name of the cache. */
  readonly cache: string
  /** Name of the user, as `authorize` returned it. */
  readonly as: string | undefined
  /** That of a service is `KIND.ACTION`. */
  readonly action: 'invalidate' | 'clear' | 'warm' | 'audit' | 'sweep' | 'show' | `${string}.${string}`
  /** `refused` before anything was done; `failed` after a part of it may have been done. */
  readonly outcome: 'done' | 'refused' | 'failed'
  /** Why it was refused or failed. */
  readonly reason?: string | undefined
  /** Undefined if the request was refused before its targets were known. */
  readonly targets?: ActionTargets | undefined
}

/** The objects of an action. */
export interface ActionTargets {
  /** The path of the namespace of `keys` and `patterns`; empty for the cache itself. */
  readonly namespace?: readonly string[] | undefined
  readonly keys?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly patterns?: readonly string[] | undefined
  readonly mode?: 'hard' | 'soft' | undefined
  /** The name of the service that was changed, and the users or other names that the change was about. */
  readonly service?: string | undefined
  readonly subjects?: readonly string[] | undefined
  /** The warm-up. */
  readonly warmUp?: string | undefined
  /** The function that is warmed, for `keys`. */
  readonly function?: string | undefined
  /** The audit, and whether it deletes entries that differ; undefined if its options decide. */
  readonly audit?: string | undefined
  readonly repair?: boolean | undefined
}

/** A function that `cache.wrap` returned. */
export interface WarmableFunction {
  (...args: never[]): unknown
  keyOf(...args: never[]): string
}

/** Options of `adminHandler`. */
export interface AdminOptions {
  /** The caches to operate. A request selects one by `?cache=name`; the default is the first. */
  readonly caches: Cache | readonly Cache[]
  /** Services beside the caches, whose views are added to the API: `[limiter.service]`. @defaultValue none */
  readonly services?: readonly Service[] | undefined
  /**
   * Called for each request, and each minute for a client of `GET live`. `true` grants write access, an {@link Access}
   * what its `may` says, and anything else refuses the request (403). An exception is reported to `onError` and answered
   * with 500.
   */
  readonly authorize: (request: Request) => MaybePromise<boolean | Access | undefined>
  /**
   * The hosts by which the handler is reached, such as `['ops.example.com', 'localhost:3000']`; other requests are refused
   * (421). Set it where `authorize` trusts the network: otherwise a website can reach the handler through a browser, by
   * giving its own name the address of your server (DNS rebinding). A host without a port stands for every port.
   * @defaultValue every host
   */
  readonly hosts?: readonly string[] | undefined
  /** Whether `GET keys/{key}` includes the value, which may be personal data. @defaultValue false */
  readonly showValues?: boolean | undefined
  /** Warm-ups that can be started, by name. @defaultValue none */
  readonly warmUps?: Readonly<Record<string, () => Iterable<WarmTask> | AsyncIterable<WarmTask>>> | undefined
  /**
   * Wrapped functions that `POST warm` may call with arguments of the request, by name: `{ product }`. They must bear
   * arguments of any type. @defaultValue none
   */
  readonly functions?: Readonly<Record<string, WarmableFunction>> | undefined
  /** Audits that can be started, by name, with the options of `cache.audit`. @defaultValue none */
  readonly audits?: Readonly<Record<string, AuditOptions>> | undefined
  /**
   * Called after each change and each value shown, done or not. The same actions are published on the channel
   * `larder:admin` of `node:diagnostics_channel`.
   */
  readonly onAction?: ((action: AdminAction) => void) | undefined
  /** Called with errors that are not the client's fault. @defaultValue console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * The URL of the runbook: the dashboard links each problem to its section.
   * @defaultValue the runbook in Larder's repository
   */
  readonly runbook?: string | undefined
  /** Number of invalidations remembered for `GET invalidations`. @defaultValue 1_000 */
  readonly maxHistory?: number | undefined
  /** Reads are counted by key for this long after the last request for them. @defaultValue '5m' */
  readonly watchFor?: Duration | undefined
}

type MaybePromise<T> = T | Promise<T>
