/** The form of a Redis URL, as the end of the sentence "Write …". */
export const redisUrlForm =
  'redis://user:password@host:6379/0, or rediss:// for TLS; special characters in a password as %XX'

/**
 * Whether ioredis understands the text as the URL of a server. It takes other schemes for a path in the file system, and
 * other paths for the number of a database, without an error.
 */
export function isRedisUrl(text: string): boolean {
  try {
    const { protocol, hostname, pathname, username, password } = new URL(text)
    decodeURIComponent(username)
    decodeURIComponent(password)
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname)
  } catch {
    return false
  }
}
