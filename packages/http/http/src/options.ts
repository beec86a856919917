import type { Cache, Clock, Duration } from '@larder/core'
import type { HttpRequest } from './contracts/request'
import type { Scope } from './policy/terms'

/** A request as rules see it: `S` is the framework's own request. */
export interface RuleRequest<S = unknown> extends HttpRequest<S> {
  /** What the `:names` in the path pattern stand for, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

/** A response as rules see it. */
export interface RuleResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** How the responses of one route are kept. Everything is optional: without a rule, responses speak for themselves. */
export interface RouteRule<S = unknown> {
  /**
   * How long a response is fresh that does not say so itself; a function may look at it. Counts for successful responses
   * (200) and those in `statuses`.
   * @defaultValue none: such responses are not stored
   */
  readonly ttl?: Duration | ((response: RuleResponse) => Duration) | undefined
  /**
   * `'private'`: each user has responses of their own, and nobody else sees them. Needs `user`. `'public'`: everybody gets
   * the same, also requests with `Authorization` or cookies.
   * @defaultValue as `'public'` for requests without either; others share only what says that it may be shared
   */
  readonly scope?: Scope | undefined
  /** Request fields that change the response, whether or not it says so in `Vary`. @defaultValue [] */
  readonly vary?: readonly string[] | undefined
  /** The only query parameters that change the response; their order does not. @defaultValue all, as they stand */
  readonly query?: readonly string[] | undefined
  /** Takes the place of path and query in the key. @defaultValue path and query */
  readonly key?: ((request: RuleRequest<S>) => string) | undefined
  /** What the responses depend on. @defaultValue what the handler reads through the cache, and what it says */
  readonly tags?: readonly string[] | ((request: RuleRequest<S>) => readonly string[]) | undefined
  /** Requests for which this is false pass by the cache: those with filters, say. @defaultValue every request is cached */
  readonly cacheIf?: ((request: RuleRequest<S>) => boolean) | undefined
  /** Status codes besides 200 for which `ttl` counts. @defaultValue [] */
  readonly statuses?: readonly number[] | undefined
  /** How long past its freshness a response is served while a new one is made, if it does not say (RFC 5861). @defaultValue 0 */
  readonly staleWhileRevalidate?: Duration | undefined
  /** How long past its freshness a response is served because the handler fails, if it does not say (RFC 5861). @defaultValue 0 */
  readonly staleIfError?: Duration | undefined
  /** Whether clients may demand something newer than a fresh response (`Cache-Control: no-cache`, `max-age=0`). @defaultValue false */
  readonly allowRefresh?: boolean | undefined
  /** Whether responses with `Set-Cookie` are stored, cookie and all. @defaultValue false */
  readonly allowSetCookie?: boolean | undefined
  /** Larger bodies are passed on and not stored, in bytes. @defaultValue 1 MiB */
  readonly maxBodySize?: number | undefined
  /**
   * What a successful unsafe request (POST, PUT, PATCH, DELETE) to this route ends, besides what is stored for its path and
   * for those in `Location` and `Content-Location`. @defaultValue []
   */
  readonly invalidates?: readonly string[] | ((request: RuleRequest<S>) => readonly string[]) | undefined
  /** How long CDNs may keep responses of this route: sent as `CDN-Cache-Control` (RFC 9213). @defaultValue none */
  readonly cdnTtl?: Duration | undefined
}

/**
 * Rules by path pattern, with an optional method before it: `'/jobs/:id'`, `'POST /jobs'`, `'/static/*'`. The first that
 * matches counts. `false` keeps the cache away from a route.
 */
export type Routes<S = unknown> = Readonly<Record<string, RouteRule<S> | false>>

/** Options of `httpCache` and of the integrations. Those of {@link RouteRule} are defaults for every route. */
export interface HttpCacheOptions<S = unknown> extends RouteRule<S> {
  /** Where responses are kept, beside the data they are made of: one invalidation reaches both. */
  readonly cache: Cache
  /** Rules by path. @defaultValue {} */
  readonly routes?: Routes<S> | undefined
  /** Who asks. Undefined: nobody known, and private routes pass by the cache. */
  readonly user?: ((request: S) => string | undefined | null) | undefined
  /** Hosts whose responses are cached. @defaultValue every host */
  readonly hosts?: readonly string[] | undefined
  /** The share of the time since `Last-Modified` for which a response without freshness is taken for fresh, 0 to 1; 0.1 is usual. @defaultValue 0 */
  readonly heuristic?: number | undefined
  /** Response fields that speak to this cache alone, by precedence (RFC 9213). @defaultValue ['larder-cache-control', 'cdn-cache-control'] */
  readonly targets?: readonly string[] | undefined
  /** How long a response that is no longer fresh is kept to ask the handler whether it still holds. @defaultValue '10m' */
  readonly keepStale?: Duration | undefined
  /** Stored responses of one route at most, variants included; beyond it, responses are passed on. @defaultValue 10_000 */
  readonly maxKeys?: number | undefined
  /** Variants of one resource at most. @defaultValue 100 */
  readonly maxVariants?: number | undefined
  /** Longer targets (path and query) pass by the cache, in characters. @defaultValue 2_000 */
  readonly maxTargetLength?: number | undefined
  /** The name in `Cache-Status` (RFC 9211) of responses from the cache; `false` for no such field. @defaultValue 'larder' */
  readonly cacheStatus?: string | false | undefined
  /** Names the tags of stored responses to a CDN in this field. @defaultValue none */
  readonly tagField?: 'surrogate-key' | 'cache-tag' | undefined
  /** Called with the tags that this process invalidates, as they stand in `tagField`: to purge a CDN. */
  readonly purge?: ((tags: readonly string[]) => unknown) | undefined
  /** Time; for tests. @defaultValue the machine's */
  readonly clock?: Pick<Clock, 'now'> | undefined
}

/** Every default in one place. */
export const defaults = {
  scope: 'public',
  staleWhileRevalidate: 0,
  staleIfError: 0,
  allowRefresh: false,
  allowSetCookie: false,
  maxBodySize: 1024 * 1024,
  heuristic: 0,
  targets: ['larder-cache-control', 'cdn-cache-control'],
  keepStale: '10m',
  maxKeys: 10_000,
  maxVariants: 100,
  maxTargetLength: 2_000,
  cacheStatus: 'larder',
} as const satisfies Partial<HttpCacheOptions>
