import type { Duration, TagNames } from '@larder/core'
import type { HttpRequest } from './request'

/** One response for all users, or one per user: RFC 9111 calls such caches shared and private. */
export type Scope = 'public' | 'private'

/** A request as the functions of a rule see it. `S` is the framework's own request. */
export interface RuleRequest<S = unknown> extends HttpRequest<S> {
  /** Values of the `:names` in the path pattern, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

/** A response as the functions of a rule see it. */
export interface RuleResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** How the responses of one route are cached. Without a rule, `Cache-Control` and `Expires` of the response decide. */
export interface RouteRule<S = unknown> {
  /**
   * Freshness of responses that do not state it themselves; a function receives the response. Applies to status 200 and
   * to those in `statuses`.
   * @defaultValue none: such responses are not stored
   */
  readonly ttl?: Duration | ((response: RuleResponse) => Duration) | undefined
  /**
   * `'private'`: responses are stored per user, and no other user gets them. Requires `user`. `'public'`: all users
   * share one response, even for requests with `Authorization` or cookies.
   * @defaultValue as `'public'` for requests without credentials; a response to a request with credentials is shared
   * only if its `Cache-Control` allows it
   */
  readonly scope?: Scope | undefined
  /** Request fields that select the response, in addition to those in its `Vary`. @defaultValue [] */
  readonly vary?: readonly string[] | undefined
  /** The only query parameters in the key; their order is ignored. @defaultValue the whole query, in its given order */
  readonly query?: readonly string[] | undefined
  /**
   * Replaces path and query in the key, within its route: two routes never share a response.
   * @defaultValue path and query
   */
  readonly key?: ((request: RuleRequest<S>) => string) | undefined
  /**
   * Tags of the stored responses, one or several, in addition to those of the data that handlers read through the cache.
   * @defaultValue []
   */
  readonly tags?: TagNames | ((request: RuleRequest<S>) => TagNames) | undefined
  /**
   * Requests for which this returns false bypass the cache, such as searches with filters.
   * @defaultValue all are cached
   */
  readonly cacheIf?: ((request: RuleRequest<S>) => boolean) | undefined
  /** Status codes, in addition to 200, to which `ttl` applies. @defaultValue [] */
  readonly statuses?: readonly number[] | undefined
  /**
   * How long past its freshness a response is served while it is refreshed in the background (RFC 5861). A
   * `stale-while-revalidate` directive of the response wins.
   * @defaultValue 0
   */
  readonly staleWhileRevalidate?: Duration | undefined
  /**
   * How long past its freshness a response is served if the handler throws or answers 500, 502, 503 or 504 (RFC 5861).
   * A `stale-if-error` directive of the response wins.
   * @defaultValue 0
   */
  readonly staleIfError?: Duration | undefined
  /** Lets clients force a new response with `Cache-Control: no-cache` or `max-age=0`. @defaultValue false */
  readonly allowRefresh?: boolean | undefined
  /** Stores responses with `Set-Cookie` or a token for their client, these fields included. @defaultValue false */
  readonly allowSetCookie?: boolean | undefined
  /** The largest body that is stored, in bytes; larger ones only pass through. @defaultValue 1 MiB */
  readonly maxBodySize?: number | undefined
  /**
   * Tags, one or several, to invalidate after a successful unsafe request (POST, PUT, PATCH, DELETE) to this route. Responses stored for
   * its path, and for those in `Location` and `Content-Location`, are invalidated in any case. May be asynchronous: the
   * client gets its response once the tags are invalidated.
   * @defaultValue []
   */
  readonly invalidates?: TagNames | ((request: RuleRequest<S>) => TagNames | Promise<TagNames>) | undefined
  /**
   * Requests for which this returns true run the handler and store its response again, such as those with
   * `?force_refresh`. Unlike `allowRefresh` it is the application that decides.
   * @defaultValue none do
   */
  readonly refreshIf?: ((request: RuleRequest<S>) => boolean) | undefined
  /**
   * How long browsers may keep responses of this route without asking: sent as `max-age`, with `private` on a private
   * route. No invalidation reaches them for that long.
   * @defaultValue none: browsers validate each time
   */
  readonly clientTtl?: Duration | undefined
  /** How long CDNs may keep responses of this route: sent as `CDN-Cache-Control` (RFC 9213). @defaultValue none */
  readonly cdnTtl?: Duration | undefined
}

/**
 * Rules by path pattern, optionally with a method: `'/jobs/:id'`, `'POST /jobs'`, `'/static/*'`. A pattern is literal text,
 * `:name` for text without a slash and `*` for any text. Of those that match, the first with the request's method applies,
 * otherwise the first without a method; a rule that only says what writes invalidate hides none for reads. `false` excludes
 * a route from caching.
 */
export type Routes<S = unknown> = Readonly<Record<string, RouteRule<S> | false>>
