import { objectKind } from '@larder/core'

/** @throws LarderError `BAD_OPTION` unless `cache` has these methods, as the cache of another library has not. */
export function checkCache(caller: string, cache: unknown, ...methods: readonly string[]): void {
  objectKind('createCache({ … })', ...methods)(cache, `${caller}: the cache`)
}
