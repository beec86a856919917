/** Every key of one cache on Redis. */
export interface Names {
  /** What the log consists of. All in one slot of a Cluster. */
  readonly log: readonly [head: string, tags: string, keys: string, links: string, recent: string]
  /** Where appends are pushed. */
  readonly push: string
  /** Where it is told that a computation has ended. */
  readonly done: string
  entry(key: string): string
  lease(key: string): string
  /** The key of an entry's name; undefined for anything else. */
  keyOf(name: string): string | undefined
  /** A pattern for SCAN that finds all entries. */
  readonly pattern: string
}

/**
 * Names of everything a cache keeps. Prefix and cache name are encoded so that none of them, whatever characters it
 * holds, can reach another's keys. An entry and its lease share a hash tag, and so a slot; `k:` keeps the tag from
 * being empty.
 */
export function namesOf(prefix: string, cache: string): Names {
  const root = encode(prefix)
  const name = encode(cache)
  const shared = `${root}:{${name}}:`
  const before = `${root}:${name}:{k:`
  const entry = (key: string) => `${before}${key}}`
  return {
    log: [`${shared}head`, `${shared}log`, `${shared}keys`, `${shared}links`, `${shared}recent`],
    push: `${shared}push`,
    done: `${shared}done`,
    entry,
    lease: (key) => `${entry(key)}:lease`,
    keyOf: (found) =>
      found.startsWith(before) && found.endsWith('}') ? found.slice(before.length, -1) : undefined,
    pattern: `${before}*}`,
  }
}

/** Leaves only characters that mean nothing to Redis, its patterns, or the names above. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
}
