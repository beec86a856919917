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
  | 'STORE_FAILED'
  | 'STORE_OPEN_CIRCUIT'
  | 'STORE_TIMEOUT'
  | 'TAG_CYCLE'
  | 'TAG_GRAPH_TOO_LARGE'
  | 'UNREADABLE_VALUE'

/** What a {@link LarderError} is built from, besides its code and message. */
export interface LarderErrorOptions {
  readonly key?: string | undefined
  readonly cause?: unknown
}

/**
 * The only error Larder throws; branch on {@link LarderError.code}, never on the message.
 * What a caller's own function throws is not wrapped: it passes through untouched.
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
