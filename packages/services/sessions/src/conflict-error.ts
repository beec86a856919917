import { LarderError } from '@larder/core'

/** The error of a save in the name of the application, which cannot look at the result itself. */
export function createConflictError(): LarderError {
  return new LarderError(
    'SAVE_CONFLICT',
    "Another request has changed the same fields of this session, and onConflict is 'refuse': nothing was saved.",
  )
}
