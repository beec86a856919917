import { hash } from 'node:crypto'

/** The names of all keys and channels of one cache on Redis. */
export interface Names {
  /** The keys of the invalidation log. They share a slot of a Cluster. */
  readonly log: readonly [head: string, tags: string, keys: string, links: string]
  /** The channel on which appends to the log are published. */
  readonly push: string
  /** The channel on which the end of a computation is published. */
  readonly done: string
  /** The latest figures of the servers, which one process reads for all. */
  readonly usage: string
  entry(key: string): string
  lease(key: string): string
  /** The cache key of an entry's name; undefined for any other name. */
  keyOf(name: string): string | undefined
  /** A pattern for SCAN that matches every entry. */
  readonly pattern: string
}

/**
 * The names for a cache. Prefix and cache name are encoded, so that no two caches share a key whatever characters their
 * names contain. An entry and its lease share a hash tag and thereby a slot; `k:` keeps the hash tag from being empty.
 */
export function namesOf(prefix: string, cache: string): Names {
  const root = encodeName(prefix)
  const name = encodeName(cache)
  const shared = `${root}:{${name}}:`
  const entryPrefix = `${root}:${name}:{k:`
  const entry = (key: string) => `${entryPrefix}${key}}`
  return {
    log: [`${shared}head`, `${shared}log`, `${shared}keys`, `${shared}links`],
    push: `${shared}push`,
    done: `${shared}done`,
    usage: `${shared}usage`,
    entry,
    lease: (key) => `${entry(key)}:lease`,
    keyOf: (found) =>
      found.startsWith(entryPrefix) && found.endsWith('}') ? found.slice(entryPrefix.length, -1) : undefined,
    pattern: `${entryPrefix}*}`,
  }
}

/** The names of the keys of one service, such as a rate limiter. */
export interface ServiceNames {
  /**
   * A key for `subject`, with further parts that each end a name of their own. All keys of one subject share a hash slot of a
   * Cluster. The subject stands there as a digest: whoever reads the keys of the server does not read names of persons.
   */
  keyOf(subject: string, ...parts: readonly string[]): string
}

/**
 * The names for a service of this kind, such as `limit`. Names and parts are encoded, so that no two services share a key
 * with each other, nor with a cache.
 */
export function serviceNamesOf(prefix: string, kind: string, service: string): ServiceNames {
  const root = [prefix, kind, service].map(encodeName).join(':')
  return {
    keyOf: (subject, ...parts) => [`${root}:{${digestOf(subject)}}`, ...parts.map(encodeName)].join(':'),
  }
}

/**
 * A glob pattern for keys of the services of a kind: of all, or of one. They have the given `parts`; if there are none, any.
 */
export function servicePatternOf(
  prefix: string,
  kind: string,
  service: string | undefined,
  ...parts: readonly string[]
): string {
  const names = [encodeName(prefix), encodeName(kind), service === undefined ? '*' : encodeName(service)]
  const subjects = parts.length === 0 ? '{*}*' : '{*}'
  return [...names, subjects, ...parts.map(encodeName)].join(':')
}

/** 128 bits of SHA-256. */
function digestOf(subject: string): string {
  return hash('sha256', subject, 'buffer').subarray(0, 16).toString('base64url')
}

/** Escapes every character that is special in Redis, in its glob patterns, or in the names above. */
function encodeName(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
}

/** Reverses the encoding of a name. A text that was encoded otherwise stays as it is. */
export function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
