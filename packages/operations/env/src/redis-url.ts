import { isRedisUrl, redisUrlForm } from '@larder/redis'
import type { VariableKind } from './variable-kinds'

/** The URL of a Redis server, as ioredis accepts it. */
export const redisUrlKind: VariableKind<string> = {
  expected: redisUrlForm,
  parseText: (text) => (isRedisUrl(text) ? text : undefined),
}

/** The URL with the user and the password of other variables, if it has none of its own. */
export function fillCredentials(
  url: string,
  username: string | undefined,
  password: string | undefined,
): string {
  const filled = new URL(url)
  if (filled.username === '' && filled.password === '') {
    filled.username = encodeURIComponent(username ?? '')
    filled.password = encodeURIComponent(password ?? '')
  }
  return filled.href
}
