// One of several processes: asks without pause, and reports between which two moments each admitted request was decided.
import { once } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import { createCluster, createSentinel } from 'redis'
import { createRateLimiter } from '../../dist/index.js'

const clients = {
  url: ({ url }) => ({ url }),
  Sentinel: ({ sentinels, name }) => ({
    client: quiet(
      new Redis({
        sentinels,
        name,
        failoverDetector: true,
        sentinelRetryStrategy: () => 100,
        retryStrategy: () => 50,
        maxRetriesPerRequest: 0,
        enableOfflineQueue: false,
      }),
    ),
  }),
  Cluster: ({ nodes }) => ({
    client: quiet(new Cluster(nodes, { clusterRetryStrategy: () => 100, slotsRefreshTimeout: 500 })),
  }),
  createSentinel: ({ sentinels, name }) => ({
    client: createSentinel({ name, sentinelRootNodes: sentinels }),
  }),
  createCluster: ({ nodes }) => ({
    client: createCluster({ rootNodes: nodes.map((socket) => ({ socket })) }),
  }),
}

function quiet(client) {
  client.on('error', () => undefined)
  return client
}

const { connect, server, options } = JSON.parse(process.argv[2])
const limiter = createRateLimiter({
  name: 'processes',
  // A stall of this machine must not look like an outage, in which each process counts by itself.
  storeTimeout: '1m',
  onError: () => undefined,
  ...clients[connect](server),
  ...options,
})
while ((await limiter.peek('ann')).by !== 'redis') await new Promise((resolve) => setTimeout(resolve, 50))
process.send('ready')
await once(process, 'message')
let isOver = false
process.once('message', () => {
  isOver = true
})
while (!isOver) {
  const asked = Date.now()
  const verdicts = await Promise.all([1, 2, 3].map(() => limiter.consume('ann')))
  const decided = Date.now()
  for (const { allowed, by } of verdicts) if (allowed) process.send({ asked, decided, by, pid: process.pid })
  // A verdict without Redis needs no turn of the event loop, and messages would never arrive.
  await new Promise((resolve) => setImmediate(resolve))
}
process.exit()
