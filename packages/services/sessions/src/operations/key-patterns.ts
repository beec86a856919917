import { serviceNamesOf } from '@larder/redis/kit'

/** A pattern for the keys of all subjects of these sessions that end in `last`. */
export function keyPatternOf(prefix: string, name: string, last: string): string {
  return serviceNamesOf(prefix, 'session', name)
    .keyOf('', last)
    .replace(/\{.*\}/, '{*}')
}

/** A pattern for the epochs of sessions of any name. */
export function epochPatternOf(prefix: string): string {
  return keyPatternOf(prefix, 'any', 'epoch').replace(':any:', ':*:')
}
