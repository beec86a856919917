import { LarderError } from '../errors'

/** Methods of other caching libraries (keyv, cache-manager, cacheable, bentocache, node-cache, lru-cache, Redis clients). */
const methodsElsewhere: Readonly<Record<string, string>> = {
  addListener: 'on(event, listener)',
  cached: 'wrap(fn, options)',
  del: 'delete(key)',
  delPattern: 'invalidate(tag)',
  deleteAll: 'clear()',
  deleteByPattern: 'invalidate(tag)',
  deleteByTag: 'invalidate(tags)',
  deleteByTags: 'invalidate(tags)',
  destroy: 'close()',
  disconnect: 'close()',
  dispose: 'close()',
  exists: 'has(key)',
  expire: 'touch(key, ttl)',
  fetch: 'getOrCompute(key, compute)',
  flush: 'clear()',
  flushAll: 'clear()',
  flushall: 'clear()',
  forget: 'delete(key)',
  getAll: 'getMany(keys)',
  getKeys: 'keys()',
  getOrCreate: 'getOrCompute(key, compute)',
  getOrFetch: 'getOrCompute(key, compute)',
  getOrLoad: 'getOrCompute(key, compute)',
  getOrSet: 'getOrCompute(key, compute)',
  getOrSetForever: 'getOrCompute(key, compute, { ttl: Infinity })',
  getRemainingTTL: 'ttlOf(key)',
  getStats: 'stats()',
  getTtl: 'ttlOf(key)',
  getset: 'getOrCompute(key, compute)',
  invalidateAll: 'clear()',
  invalidateByTag: 'invalidate(tag)',
  invalidateByTags: 'invalidate(tags)',
  invalidateTag: 'invalidate(tag)',
  invalidateTags: 'invalidate(tags)',
  mdel: 'deleteMany(keys)',
  memoize: 'wrap(fn, options)',
  mget: 'getMany(keys)',
  mset: 'setMany(pairs)',
  off: 'on(event, listener), which returns the function that unsubscribes',
  once: 'on(event, listener), which returns the function that unsubscribes',
  pull: 'get(key), then delete(key)',
  purgeStale: 'sweep()',
  put: 'set(key, value)',
  quit: 'close()',
  remember: 'getOrCompute(key, compute)',
  remove: 'delete(key)',
  removeListener: 'on(event, listener), which returns the function that unsubscribes',
  reset: 'clear()',
  revalidateTag: 'invalidate(tag)',
  setex: 'set(key, value, { ttl })',
  shutdown: 'close()',
  take: 'get(key), then delete(key)',
  ttl: 'ttlOf(key)',
}

/**
 * The prototype of caches: a call of a method that other libraries have is answered with Larder's name for it. Not
 * enumerable, so that the names appear neither in a printed cache nor in a copy of its methods.
 */
export const namesElsewhere: object = Object.create(
  Object.prototype,
  Object.fromEntries(
    Object.entries(methodsElsewhere).map(([name, own]) => [
      name,
      {
        value: () => {
          throw new LarderError('UNKNOWN_METHOD', `A cache has no method ${name}. Write cache.${own}.`)
        },
      },
    ]),
  ),
)
