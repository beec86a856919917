import { type NamesElsewhere, refuseNames } from '../arguments/refuse-names'

/** Methods of other caching libraries (keyv, cache-manager, cacheable, bentocache, node-cache, lru-cache, Redis clients). */
const methodsElsewhere: NamesElsewhere = {
  'clear()': 'deleteAll flush flushAll flushall invalidateAll reset',
  'close()': 'destroy disconnect dispose quit shutdown',
  'delete(key)': 'del forget remove',
  'deleteMany(keys)': 'mdel',
  'get(key), then delete(key)': 'pull take',
  'getMany(keys)': 'getAll hasMany mget',
  'getOrCompute(key, compute)': 'fetch fetchQuery getOrCreate getOrFetch getOrLoad getOrSet getset remember',
  'getOrCompute(key, compute, { ttl: Infinity })': 'getOrSetForever',
  'has(key)': 'exists',
  'invalidate(tag)': 'deleteByPattern delPattern invalidateByTag invalidateTag revalidatePath revalidateTag',
  'invalidate(tags)': 'deleteByTag deleteByTags invalidateByTags invalidateQueries invalidateTags',
  'keys()': 'getKeys',
  'keys(), then getMany(keys)': 'entries forEach iterator values',
  'on(event, listener)': 'addListener',
  'on(event, listener): its result ends it': 'off once removeListener',
  'set(key, value)': 'put',
  'set(key, value, { ttl })': 'setex',
  'set(key, value, { ttl: Infinity })': 'setForever',
  'setMany(pairs)': 'mset',
  'stats()': 'getStats',
  'sweep()': 'purgeStale',
  'touch(key, ttl)': 'expire',
  'ttlOf(key)': 'getRemainingTTL getTtl ttl',
  'wrap(fn, options)': 'cached memoize',
}

/**
 * Their properties: one that is undefined would look like an empty cache. `length` is not among them, because code for any
 * value reads it to recognise lists.
 */
const propertiesElsewhere: NamesElsewhere = {
  'stats()': 'hits misses',
  'stats() or keys()': 'store stores',
  'stats().usage?.bytes': 'calculatedSize',
  'stats().usage?.entries': 'count itemCount size',
}

/** The prototype of caches. */
export const namesElsewhere: object = refuseNames(
  Object.prototype,
  { methods: methodsElsewhere, properties: propertiesElsewhere },
  (given, own) => `A cache has no ${given}. Write cache.${own}.`,
)
