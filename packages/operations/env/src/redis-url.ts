import type { Kind } from './kind'

/** Where a Redis is, as its client takes it. */
export const redisUrl: Kind<string> = {
  expected:
    'redis://user:password@host:6379/0, or rediss:// for TLS; special characters in a password as %XX',
  parse: (text) => (isRedisUrl(text) ? text : undefined),
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
