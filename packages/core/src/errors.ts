/** Why an operation failed. A published code never changes its meaning. */
export type LarderErrorCode =
  | 'ABORTED'
  | 'BAD_DURATION'
  | 'BAD_ENTRY'
  | 'BAD_KEY'
  | 'BAD_OPTION'
  | 'BAD_TAG'
  | 'BAD_TOKEN'
  | 'CACHE_CLOSED'
  | 'COMPUTE_FAILED'
  | 'COMPUTE_TIMEOUT'
  | 'INVALIDATION_QUEUED'
  /** Too many calls to a store are in flight already: its bulkhead is full. */
  | 'STORE_BUSY'
  | 'STORE_FAILED'
  /** The circuit breaker of a store is open after repeated failures. */
  | 'STORE_OPEN_CIRCUIT'
  | 'STORE_TIMEOUT'
  | 'TAG_CYCLE'
  | 'TAG_GRAPH_TOO_LARGE'
  /** The value cannot be serialized: it holds a function, a symbol or an unsupported cycle. */
  | 'UNSERIALIZABLE_VALUE'
  /** The serialized value is larger than `maxValueSize`. */
  | 'VALUE_TOO_LARGE'

/** Details of a {@link LarderError} beyond its code and message. */
export interface LarderErrorOptions {
  readonly key?: string | undefined
  readonly cause?: unknown
}

/**
 * The only error class that Larder throws. Branch on {@link LarderError.code}, never on the message.
 * Errors of the caller's own functions are not wrapped: they pass through untouched.
 */
export class LarderError extends Error {
  override readonly name = 'LarderError'
  readonly code: LarderErrorCode
  readonly key: string | undefined

  constructor(code: LarderErrorCode, message: string, options: LarderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.key = options.key
  }
}
