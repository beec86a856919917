/** Why an operation failed. A published code never changes its meaning. */
export type LarderErrorCode =
  | 'ABORTED'
  /** `fill` was called twice on one place of `cache.begin`. */
  | 'ALREADY_FILLED'
  /** An argument of a method is not of the kind that it takes; the message says what to write. */
  | 'BAD_ARGUMENT'
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
  /** The runtime has no AsyncLocalStorage, so a cache does not know which calls belong to a transaction. */
  | 'NO_ASYNC_CONTEXT'
  /** Too many computations are under way and waiting already: see `maxConcurrentComputes`. */
  | 'SOURCE_BUSY'
  /** Too many calls to a store are in flight already: its bulkhead is full. */
  | 'STORE_BUSY'
  | 'STORE_FAILED'
  /** The circuit breaker of a store is open after repeated failures. */
  | 'STORE_OPEN_CIRCUIT'
  | 'STORE_TIMEOUT'
  | 'TAG_CYCLE'
  | 'TAG_GRAPH_TOO_LARGE'
  /** A method that other caching libraries have; the message names Larder's own. */
  | 'UNKNOWN_METHOD'
  /** The value has no faithful form in bytes, or is nested too deeply; the message names the part. */
  | 'UNSERIALIZABLE_VALUE'
  /** The serialized value is larger than `maxValueSize`. */
  | 'VALUE_TOO_LARGE'

/** Details of a {@link LarderError} beyond its code and message. */
export interface LarderErrorOptions {
  readonly key?: string | undefined
  readonly cause?: unknown
}

/** The same in every copy of this module, so that a LarderError is recognized whichever copy threw it. */
const brand = Symbol.for('larder.error')

/**
 * The only error class that Larder throws. Branch on {@link LarderError.code}, never on the message.
 * Errors of the caller's own functions are not wrapped: they pass through untouched. `instanceof` holds across copies of
 * the package, such as the ES module and the CommonJS one in the same process.
 */
export class LarderError extends Error {
  override readonly name = 'LarderError'
  readonly code: LarderErrorCode
  readonly key: string | undefined

  constructor(code: LarderErrorCode, message: string, options: LarderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.key = options.key
    // Not a declared field: a declared one would make the types of two copies incompatible.
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Recognizes errors of every copy of this module by their brand; subclasses keep the ordinary check. */
function isInstance(this: unknown, value: unknown): boolean {
  if (this !== LarderError) return Function.prototype[Symbol.hasInstance].call(this, value)
  return typeof value === 'object' && value !== null && brand in value
}

Object.defineProperty(LarderError, Symbol.hasInstance, { value: isInstance })
