import type { FieldReader } from '../fields/fields'

/** A request as the cache sees it. `S` is the framework's own request. */
export interface HttpRequest<S = unknown> {
  readonly method: string
  /** `http` or `https`. */
  readonly scheme: string
  /** The `Host` field, or the host that the framework derives from a trusted proxy. */
  readonly host: string
  /** Path and query, before a router strips a prefix. */
  readonly target: string
  readonly headers: FieldReader
  /**
   * The names of all fields in lower case, if the framework knows them without reading each: the cache asks for no other field.
   * @defaultValue not known: each field that decides about caching is asked for
   */
  readonly fieldNames?: readonly string[] | undefined
  readonly source: S
  /**
   * Whether a body follows. Needed for HTTP/2, where a body needs neither `Content-Length` nor `Transfer-Encoding`.
   * @defaultValue as these fields say
   */
  readonly hasBody?: boolean | undefined
  /**
   * The client has identified itself on its connection, by a TLS certificate: the request has credentials, although no field
   * says so. See {@link hasClientCertificate}. @defaultValue false
   */
  readonly hasClientCertificate?: boolean | undefined
  /**
   * The request can be read in two ways, so that the handler may answer for another target than this one: it bypasses the
   * cache. @defaultValue false
   */
  readonly isAmbiguous?: boolean | undefined
}
