/**
 * Why an operation failed. A published code never changes its meaning. The second paragraph of each says what to do.
 */
export type LarderErrorCode =
  /**
   * All callers of a computation were aborted by their `signal`, so its result is wanted by nobody.
   *
   * Nothing, if the callers went away. A `signal` that is shared by several calls ends all of them.
   */
  | 'ABORTED'
  /**
   * `fill` was called twice on one place of `cache.begin`.
   *
   * Call `cache.begin(key)` for each value: two values may have been read at different times.
   */
  | 'ALREADY_FILLED'
  /**
   * An argument of a method is not of the kind that it takes.
   *
   * Write what the message says.
   */
  | 'BAD_ARGUMENT'
  /**
   * A duration is neither a number of ms that is 0 or more, nor a text such as `'5m'`.
   *
   * Write `5000`, `'5s'`, `'5m'`, `'2h'` or `'1d'`.
   */
  | 'BAD_DURATION'
  /**
   * The bytes of an entry cannot be used: damaged, sealed with another key, or of a class that is not registered. A
   * read goes on as a miss, so only the event `unreadable` and `explain` show it.
   *
   * Compare `sealer`, `serializer` and `types` of the processes that share the store.
   */
  | 'BAD_ENTRY'
  /**
   * A key is not a string, or an argument of a wrapped function cannot be part of one.
   *
   * Give `wrap` a `key` function that makes a text of the arguments.
   */
  | 'BAD_KEY'
  /**
   * An option is unknown, or its value is not one that it takes.
   *
   * Write what the message says; it names the option that was probably meant.
   */
  | 'BAD_OPTION'
  /**
   * A tag is not a text that is not empty, or is a pattern.
   *
   * Write `user:7`; to invalidate a family, write its parent `user`, without a star.
   */
  | 'BAD_TAG'
  /**
   * `after` is not a token of this cache.
   *
   * Pass on the `token` that `invalidate`, `set` or `delete` of the same cache returned, unchanged.
   */
  | 'BAD_TOKEN'
  /**
   * A method that writes was called after `close`, or a transaction that has written committed after it. Reads still compute.
   *
   * Close the cache last, after the server that uses it.
   */
  | 'CACHE_CLOSED'
  /**
   * A computation called `ctx.fail(reason)`, or returned something of another shape than asked for.
   *
   * Handle it like an error of your own function, or return what the message says.
   */
  | 'COMPUTE_FAILED'
  /**
   * A computation took longer than `hardTimeout`.
   *
   * Find out why the source is slow; raise `hardTimeout` if it may be. `staleIfError` serves the old value
   * meanwhile.
   */
  | 'COMPUTE_TIMEOUT'
  /**
   * The log could not be reached, and `ifUnavailable: 'throw'` asked for an error. The invalidation is in force in
   * this process, and is repeated until it arrives.
   *
   * Do not repeat it. Tell the caller that other processes may serve the old value until the store is back.
   */
  | 'INVALIDATION_QUEUED'
  /**
   * The runtime has no AsyncLocalStorage, so a cache does not know which calls belong to a transaction.
   *
   * On Workers set the flag `nodejs_compat`; elsewhere call `invalidate` after the commit.
   */
  | 'NO_ASYNC_CONTEXT'
  /**
   * Another request has changed the same fields of a session, and `onConflict` is `refuse`: nothing was saved.
   *
   * Read the session again and repeat the change, or set `onConflict: 'last'`.
   */
  | 'SAVE_CONFLICT'
  /**
   * Too many computations are under way and waiting already: see `maxConcurrentComputes`.
   *
   * Answer 503, or set `staleIfError` so that the old value is served. It protects the source.
   */
  | 'SOURCE_BUSY'
  /**
   * Too many calls to a store are in flight already: its bulkhead is full.
   *
   * Look at the latency of the store. Calls are answered from the source meanwhile.
   */
  | 'STORE_BUSY'
  /**
   * A store answered with an error, which is the `cause`.
   *
   * Read the `cause`: rights, memory and versions are in the runbook.
   */
  | 'STORE_FAILED'
  /**
   * The circuit breaker of a store is open after repeated failures.
   *
   * Repair the store; the first call that succeeds closes the circuit.
   */
  | 'STORE_OPEN_CIRCUIT'
  /**
   * A store did not answer within `storeTimeout`, or not before the `timeout` of `ready`.
   *
   * Check that the server can be reached and is not frozen.
   */
  | 'STORE_TIMEOUT'
  /**
   * `link(child, parent)` would make a tag its own ancestor.
   *
   * Swap the two, or `unlink` one of the links that the message lists.
   */
  | 'TAG_CYCLE'
  /**
   * An entry would carry more than `maxTagsPerEntry` tags, or there are more than `maxTagLinks` links.
   *
   * Give the entries one common parent tag.
   */
  | 'TAG_GRAPH_TOO_LARGE'
  /**
   * A method or a property that other caching libraries have; the message names Larder's own.
   *
   * Write what the message names.
   */
  | 'UNKNOWN_METHOD'
  /**
   * The value has no faithful form in bytes, or is nested too deeply; the message names the part. Callers get it and
   * memory keeps it; it is not written to a shared store, and a `warning` event says so once per function.
   *
   * Return plain data, or name the class in `types`.
   */
  | 'UNSERIALIZABLE_VALUE'
  /**
   * The serialized value is larger than `maxValueSize`. Callers get it; it is not written to a shared store, and a
   * `warning` event says so once per function.
   *
   * Cache parts of it, raise `maxValueSize`, or set `cacheIf`.
   */
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
