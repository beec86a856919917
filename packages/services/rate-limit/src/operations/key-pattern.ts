/** A pattern for the keys of all limiters, or of one: `larder:limit:shop:*`. Names are encoded as in keys. */
export function keyPatternOf(prefix: string, limiter?: string): string {
  const root = `${encodeURIComponent(prefix)}:limit:`
  return limiter === undefined ? `${root}*` : `${root}${encodeURIComponent(limiter)}:*`
}
