import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { type FieldReader, type HttpRequest, hasClientCertificate } from '@larder/http'

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

/** A request with its URL. `S` is the framework's own request. */
interface RequestSource<S> extends RequestTarget {
  readonly req: IncomingMessage
  readonly source: S
}

/** Scheme and authority of a target in absolute form (RFC 9112 §3.2.2). */
const authorityOfTarget = /^https?:\/\/[^/?#]*/i

/**
 * A request as the cache sees it. One with a target in absolute form, or with two hosts, is ambiguous: RFC 9112 §3.2.2
 * lets the target decide, while handlers go by the field `Host` and see the target as it was sent.
 */
export function describeRequest<S>(
  { req, source, scheme, host, target, isUnauthenticated = false }: RequestSource<S>,
  headers: FieldReader,
): HttpRequest<S> {
  const authority = req.headers[':authority']
  const namedHost = req.headers.host
  const hasTwoHosts = authority !== undefined && namedHost !== undefined && authority !== namedHost
  const isAbsolute = !target.startsWith('/')
  // Listed one by one: to spread an object costs each hit several microseconds.
  return {
    method: req.method ?? 'GET',
    scheme,
    host,
    target: isAbsolute ? withoutAuthority(target) : target,
    headers,
    fieldNames: namesOf(req.headers),
    source,
    hasBody: hasHttp2Body(req),
    hasClientCertificate: hasClientCertificate(req.socket),
    isAmbiguous: isAbsolute || hasTwoHosts || isUnauthenticated,
  }
}

/** Those that a layer in front has put into a prototype of the record as well. */
function namesOf(headers: IncomingHttpHeaders): string[] {
  const names: string[] = []
  for (const name in headers) names.push(name)
  return names
}

function withoutAuthority(target: string): string {
  const path = target.replace(authorityOfTarget, '')
  return path.startsWith('/') ? path : `/${path}`
}

/** In HTTP/2 a body needs no field: it follows unless the stream ended with the fields. Undefined for HTTP/1. */
function hasHttp2Body(req: IncomingMessage): boolean | undefined {
  if (req.httpVersionMajor < 2) return undefined
  const { stream } = req as unknown as { readonly stream?: { readonly endAfterHeaders: boolean } }
  return stream?.endAfterHeaders === false
}
