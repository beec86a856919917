import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '@larder/http'

/**
 * The requested URL as the framework determines it: behind a trusted proxy it differs from that of the bare request.
 */
export interface RequestTarget {
  /** `http` or `https`. */
  readonly scheme: string
  readonly host: string
  /** Path and query as the client sent them, before a router strips a prefix. */
  readonly target: string
  /**
   * Whether hooks of the framework that authenticate may still have to run: a read bypasses the cache then. @defaultValue
   * false
   */
  readonly isUnauthenticated?: boolean | undefined
}

/** Scheme and authority of a target in absolute form (RFC 9112 §3.2.2). */
const authorityOfTarget = /^https?:\/\/[^/?#]*/i

/**
 * A request as the cache sees it. One with a target in absolute form, or with two hosts, is ambiguous: RFC 9112 §3.2.2
 * lets the target decide, while handlers go by the field `Host` and see the target as it was sent.
 */
export function describeRequest({
  req,
  scheme,
  host,
  target,
  isUnauthenticated = false,
}: RequestTarget & { readonly req: IncomingMessage }): Omit<HttpRequest, 'headers' | 'source'> {
  const method = req.method ?? 'GET'
  const authority = req.headers[':authority']
  const namedHost = req.headers.host
  const hasTwoHosts = authority !== undefined && namedHost !== undefined && authority !== namedHost
  const hasBody = hasHttp2Body(req)
  if (target.startsWith('/'))
    return { method, scheme, host, target, hasBody, isAmbiguous: hasTwoHosts || isUnauthenticated }
  const path = target.replace(authorityOfTarget, '')
  return {
    method,
    scheme,
    host,
    target: path.startsWith('/') ? path : `/${path}`,
    hasBody,
    isAmbiguous: true,
  }
}

/** In HTTP/2 a body needs no field: it follows unless the stream ended with the fields. Undefined for HTTP/1. */
function hasHttp2Body(req: IncomingMessage): boolean | undefined {
  if (req.httpVersionMajor < 2) return undefined
  const { stream } = req as unknown as { readonly stream?: { readonly endAfterHeaders: boolean } }
  return stream?.endAfterHeaders === false
}
