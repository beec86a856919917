import { serviceNamesOf } from '@larder/redis/kit'

/** A pattern for the keys of all limiters, or of one: `larder:limit:shop:*`. */
export function keyPatternOf(prefix: string, limiter?: string): string {
  const key = serviceNamesOf(prefix, 'limit', limiter ?? '').keyOf('')
  return key.replace(limiter === undefined ? /:\{.*/ : /\{.*/, '*')
}
