import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { LRUCache } from 'lru-cache'
import { Bench } from 'tinybench'

/** A hot hit in memory, against its limit: bare lru-cache and a resolved promise, which isolates and proves nothing. */
const record = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`field${at}`, at]))
const nested = { ...record, list: [{ a: 1 }, { b: 2 }] }
const compute = () => record

const limit = new LRUCache<string, object>({ max: 1_000 })
limit.set('key', record)
const cache = createCache({ name: 'bench', store: memoryStore(), ttl: '1h' })
await cache.set('key', record)
await cache.set('tagged', record, { tags: ['a', 'b', 'c'] })
await cache.set('nested', nested)
const sharing = createCache({
  name: 'bench',
  store: memoryStore(),
  ttl: '1h',
  isolate: false,
})
await sharing.set('key', record)
const wrapped = cache.wrap(async (id: number) => ({ ...record, id }), {
  name: 'load',
})
await wrapped(1)

const bench = new Bench({ time: 500, warmupTime: 100 })
bench
  .add('limit: lru-cache + resolved promise', async () => void (await Promise.resolve(limit.get('key'))))
  .add('getOrCompute', async () => void (await cache.getOrCompute('key', compute)))
  .add('getOrCompute, 3 tags', async () => void (await cache.getOrCompute('tagged', compute)))
  .add('getOrCompute, nested value', async () => void (await cache.getOrCompute('nested', compute)))
  .add('getOrCompute, isolate: false', async () => void (await sharing.getOrCompute('key', compute)))
  .add('wrap', async () => void (await wrapped(1)))

await bench.run()
const rates = bench.tasks.map(({ name, result }) => ({
  name,
  rate: 'throughput' in result ? result.throughput.mean : Number.NaN,
}))
const best = rates[0]?.rate ?? Number.NaN
console.table(
  Object.fromEntries(
    rates.map(({ name, rate }) => [
      name,
      { 'hits/s': Math.round(rate), 'of the limit': (rate / best).toFixed(2) },
    ]),
  ),
)
