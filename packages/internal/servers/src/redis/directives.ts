/** A directive of redis.conf and its value, or its values in order. */
export type Directives = Readonly<Record<string, string | number | readonly string[]>>

/** Writes directives of redis.conf as arguments: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
export function asArguments(directives: Directives): readonly string[] {
  return Object.entries(directives).flatMap(([name, value]) => [`--${name}`, ...[value].flat().map(String)])
}
