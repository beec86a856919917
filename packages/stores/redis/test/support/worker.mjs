// One of several processes: reads a cold key with many concurrent callers, and prints how often the function ran.
import { once } from 'node:events'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { tieredStore } from '@larder/tiered'
import { redisStore } from '../../dist/index.js'

const [url, calls] = process.argv.slice(2)
const cache = createCache({
  name: 'processes',
  store: tieredStore([memoryStore(), redisStore({ url })]),
  // A stall of this process must not count as the death of a lease holder: see processes.test.ts.
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
console.log(JSON.stringify({ runs, correct: values.filter((value) => value === 'value').length }))
// The cache is not closed: an idle cache must not keep the process alive.
