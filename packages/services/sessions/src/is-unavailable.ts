import { LarderError } from '@larder/core'

/** Whether Redis is the reason of a failure, and not the application. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof LarderError && error.code.startsWith('STORE_')
}
