import { LarderError } from '@larder/core'

/** User and password of an address that ioredis quotes. */
const userInfo = /\/\/\S*@/g

/**
 * Converts an error of ioredis to a LarderError without command arguments. ioredis attaches the command to its errors, and
 * Redis quotes unknown commands: values and passwords must not get into logs.
 */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LarderError) return error
  const [message = 'unknown error'] = error.message.split(', with args')
  return new LarderError('STORE_FAILED', `Redis: ${message.replace(userInfo, '//***@')}`)
}

/** Whether the server replied with an error, such as NOPERM, as opposed to a failure of the connection. */
export function isErrorReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}
