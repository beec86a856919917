import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { prometheusMetrics } from '@larder/metrics'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { collectDefaultMetrics, register } from 'prom-client'
import { type Behaviour, healthyBehaviour, type Started } from './drill/behaviour'
import { startWorkload } from './drill/workload'

/** One process of the service of a drill: its cache on the Redis of the argument, its metrics, and its readers. */
const [, , url = ''] = process.argv
const cache = createCache({
  name: 'shop',
  // Shorter than the timeout of a scrape: a process that is blocked for longer than this still answers it.
  maxStaleness: '800ms',
  store: tieredStore([memoryStore({ maxEntries: 100 }), redisStore({ url })]),
})
// The alerts are what a drill watches; errors would be printed otherwise.
cache.on('error', () => undefined)
const metrics = prometheusMetrics(cache)
// Those of the process itself, such as the lag of its event loop.
collectDefaultMetrics()
const server = createServer(async (_, response) => {
  const ofProcess = await register.metrics()
  response.setHeader('content-type', metrics.contentType).end(`${metrics.text()}${ofProcess}`)
})
let behaviour = healthyBehaviour

process.on('message', (change: Partial<Behaviour>) => {
  behaviour = { ...behaviour, ...change }
})
process.on('disconnect', () => process.exit())

await once(server.listen(0, '127.0.0.1'), 'listening')
startWorkload(cache, () => behaviour)
process.send?.({ port: (server.address() as AddressInfo).port } satisfies Started)
