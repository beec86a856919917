// One process of several: computes one cold key with many callers at once and says how often the function ran.
import { once } from 'node:events'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { tieredStore } from '@larder/tiered'
import { redisStore } from '../../dist/index.js'

const [url, calls] = process.argv.slice(2)
const cache = createCache({
  name: 'fleet',
  store: tieredStore([memoryStore(), redisStore({ url })]),
  // A pause of this process is no failure of Redis and no death of a holder: see processes.test.ts.
  storeTimeout: '1m',
  leaseTtl: '1m',
  maxStaleness: '1m',
})
await cache.get('connect')
let runs = 0
const compute = async () => {
  runs += 1
  await new Promise((resolve) => setTimeout(resolve, 50))
  return 'value'
}
process.send('ready')
await once(process, 'message')
const values = await Promise.all(
  Array.from({ length: Number(calls) }, () => cache.getOrCompute('cold', compute)),
)
console.log(JSON.stringify({ runs, right: values.filter((value) => value === 'value').length }))
// No close: an idle cache must not keep the process alive.
