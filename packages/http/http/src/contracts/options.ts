import type { Cache, Clock, Duration } from '@larder/core'
import type { RouteRule, Routes } from './route-rule'

/**
 * Options of `httpCache` and of the integrations. Options of {@link RouteRule} given here are defaults for every route.
 */
export interface HttpCacheOptions<S = unknown> extends RouteRule<S> {
  /** The cache that holds the data of the handlers. It stores the responses too: one invalidation ends both. */
  readonly cache: Cache
  /** Rules by path. @defaultValue {} */
  readonly routes?: Routes<S> | undefined
  /**
   * The user's identity: a string, a number, or `undefined` for a request without a user. On routes with
   * `scope: 'private'` each user has responses of their own, and requests without a user bypass the cache. On other routes
   * a request with a user has credentials, as one with `Authorization` or a cookie has.
   */
  readonly user?: ((request: S) => string | number | undefined | null) | undefined
  /**
   * Request fields that say who sends a request, besides `Authorization` and `Cookie`, such as `['x-api-key']`. Responses
   * to such requests are not shared, unless they or a rule say so; on routes with `scope: 'private'` each value has
   * responses of its own, beside those of the user. @defaultValue []
   */
  readonly credentials?: readonly string[] | undefined
  /** Hosts whose responses are cached. @defaultValue every host */
  readonly hosts?: readonly string[] | undefined
  /**
   * Heuristic freshness (RFC 9111 §4.2.2): the fraction of the time since `Last-Modified` for which a response without
   * explicit freshness counts as fresh, 0 to 1. Usual is 0.1.
   * @defaultValue 0
   */
  readonly heuristic?: number | undefined
  /**
   * Targeted response fields that this cache obeys, by precedence (RFC 9213).
   * @defaultValue ['larder-cache-control', 'cdn-cache-control']
   */
  readonly targets?: readonly string[] | undefined
  /**
   * How long a response with a validator is kept past its freshness, to be revalidated by the handler.
   * @defaultValue '10m'
   */
  readonly keepStale?: Duration | undefined
  /**
   * The most responses stored per route, variants included; beyond it the least recently used one is replaced.
   * @defaultValue 10_000
   */
  readonly maxKeys?: number | undefined
  /** The most variants stored per resource; beyond it the least recently used one is replaced. @defaultValue 100 */
  readonly maxVariants?: number | undefined
  /** Requests with a longer target (path and query) bypass the cache, in characters. @defaultValue 2_000 */
  readonly maxTargetLength?: number | undefined
  /**
   * How long a request waits for the handler's response to another request for the same resource, before it runs the
   * handler itself. `0`: requests never wait for each other. Requests wait only if a rule sets a `ttl` or the last
   * response was stored.
   * @defaultValue '5s'
   */
  readonly collapseTimeout?: Duration | undefined
  /**
   * `Cache-Status` (RFC 9211): the name of this cache, with `bypass` for requests that bypass it as well; `false` omits
   * the field.
   * @defaultValue 'larder'
   */
  readonly cacheStatus?: string | false | CacheStatusOptions | undefined
  /**
   * Whether responses have `Server-Timing`: `cache` is the time that the cache took, and `handler` the time from there to
   * the head of the handler's response, in ms. @defaultValue false
   */
  readonly serverTiming?: boolean | undefined
  /**
   * Sends the tags of stored responses that are not private to a CDN in this field: at most 4 000 characters, beyond which
   * one name stands for all tags with the same first segment. @defaultValue none
   */
  readonly tagField?: 'surrogate-key' | 'cache-tag' | undefined
  /**
   * Called with the names of the tags that this process invalidates, as they stand in `tagField`: to purge a CDN. Each
   * failure is reported by a `warning`.
   */
  readonly purge?: ((tags: readonly string[]) => unknown) | undefined
  /** The source of time, for tests. @defaultValue the system's clock */
  readonly clock?: Pick<Clock, 'now'> | undefined
}

/** The options of `Cache-Status`. */
export interface CacheStatusOptions {
  /** A token of RFC 9651. @defaultValue 'larder' */
  readonly name?: string | undefined
  /** Whether responses that bypass the cache, or are not stored, say so, and why: `fwd=bypass; detail=…`. @defaultValue false */
  readonly bypass?: boolean | undefined
}

/** The default of every option. */
export const defaults = {
  scope: 'public',
  staleWhileRevalidate: 0,
  staleIfError: 0,
  allowRefresh: false,
  allowSetCookie: false,
  maxBodySize: 1024 * 1024,
  heuristic: 0,
  targets: ['larder-cache-control', 'cdn-cache-control'],
  credentials: ['authorization', 'cookie'],
  keepStale: '10m',
  maxKeys: 10_000,
  maxVariants: 100,
  maxTargetLength: 2_000,
  collapseTimeout: '5s',
  cacheStatus: 'larder',
} as const satisfies Partial<HttpCacheOptions>

/** The request fields of the option `credentials`, in lower case. */
export function ownCredentialFields({ credentials = [] }: Pick<HttpCacheOptions, 'credentials'>): string[] {
  return credentials.map((name) => name.toLowerCase())
}

/** The request fields that say who sends a request, in lower case: the usual ones, and those of the option `credentials`. */
export function credentialFields(options: Pick<HttpCacheOptions, 'credentials'>): string[] {
  return [...defaults.credentials, ...ownCredentialFields(options)]
}
