import { LarderError, type LarderErrorCode } from '@larder/core'
import { Problem } from './problem'

/** Conditions that pass, with descriptions that reveal no address of a store. */
const unavailable: Partial<Record<LarderErrorCode, string>> = {
  CACHE_CLOSED: 'The cache is closed.',
  STORE_BUSY: 'The store has too many calls in flight. Try again.',
  STORE_FAILED: 'The store failed. Try again later.',
  STORE_OPEN_CIRCUIT: 'The store is not called for now: its last calls failed or timed out. Try again later.',
  STORE_TIMEOUT: 'The store did not answer in time. Try again later.',
}

/** Errors of the request and known conditions are described to the client; other errors may hold secrets. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof LarderError) {
    if (error.code.startsWith('BAD_')) return new Problem(400, 'Bad request', error.message)
    const condition = unavailable[error.code]
    if (condition !== undefined) return new Problem(503, 'Not available', condition)
  }
  return new Problem(500, 'Failed', 'The request failed. The reason was reported to the application.')
}
