import type { VariableKind } from './variable-kinds'

/** The URL of a Redis server, as ioredis accepts it. */
export const redisUrlKind: VariableKind<string> = {
  expected:
    'redis://user:password@host:6379/0, or rediss:// for TLS; special characters in a password as %XX',
  parseText: (text) => (isRedisUrl(text) ? text : undefined),
}

function isRedisUrl(text: string): boolean {
  try {
    const { protocol, hostname, pathname, username, password } = new URL(text)
    decodeURIComponent(username)
    decodeURIComponent(password)
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname)
  } catch {
    return false
  }
}
