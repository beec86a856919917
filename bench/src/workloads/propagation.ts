import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { libraryNamed } from '../libraries'
import { percentile } from '../median'
import { ratioOf } from '../results'
import type { Samples } from '../samples'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const limit = 'limit-pub-sub'
const key = 'watched'
const tag = 'watched'
/** The Redis list to which the second process pushes the time of each recomputation. */
const seen = 'seen'
const ready = 'ready'
/** The reader stops after this long without an invalidation, in ms. */
const quietPeriod = 1_500
/** Leading measurements that are discarded, while connections and code are cold. */
const warmUps = 20

function prepareTask(context: ParticipantContext): Promise<ParticipantTask> {
  if (context.participant === limit)
    return context.copy === 0 ? preparePublisher(context) : prepareEcho(context)
  return context.copy === 0 ? prepareInvalidator(context) : prepareReader(context)
}

async function prepareInvalidator({
  participant,
  effort,
  redis,
}: ParticipantContext): Promise<ParticipantTask> {
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(
    setupOf({ tier: 'tiered', redis, tags: [tag], computeOf: () => () => ({ at: sharedNow() }) }),
  )
  const control = new Redis(redis)
  async function seenAfter(start: number): Promise<number> {
    const [, index] = (await control.blpop(seen, 10)) ?? []
    if (index === undefined) throw new Error('The other process did not recompute within 10 s.')
    // Skip a second recomputation for an earlier invalidation.
    return Number(index) < start ? seenAfter(start) : Number(index)
  }
  async function measureOnce(): Promise<number> {
    const start = sharedNow()
    await cache.invalidate?.(tag)
    return (await seenAfter(start)) - start
  }
  return {
    async measureRound() {
      await control.blpop(ready, 10)
      return measureRepeatedly(measureOnce, effort.isShort ? 10 : 300)
    },
    async close() {
      control.disconnect()
      await cache.close()
    },
  }
}

/** Reads in a loop, and reports the time of each recomputation. */
async function prepareReader({ participant, redis }: ParticipantContext): Promise<ParticipantTask> {
  const control = new Redis(redis)
  let last = 0
  const computeValue = () => {
    last = sharedNow()
    void control.rpush(seen, last)
    return { computed: last }
  }
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(
    setupOf({ tier: 'tiered', redis, tags: [tag], computeOf: () => computeValue }),
  )
  await cache.read(key)
  return {
    async measureRound() {
      last = sharedNow()
      await control.rpush(ready, '')
      while (sharedNow() - last < quietPeriod) {
        await cache.read(key)
        await nextTurn()
      }
      return {}
    },
    async close() {
      control.disconnect()
      await cache.close()
    },
  }
}

async function preparePublisher({ effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const [client, subscriber] = [new Redis(redis), new Redis(redis)]
  await subscriber.subscribe('pong')
  async function measureOnce(): Promise<number> {
    const start = sharedNow()
    const answer = new Promise((resolve) => subscriber.once('message', resolve))
    await client.publish('ping', '')
    await answer
    return sharedNow() - start
  }
  return {
    measureRound: () => measureRepeatedly(measureOnce, effort.isShort ? 10 : 300),
    close: async () => [client, subscriber].map((connection) => connection.disconnect()),
  }
}

async function prepareEcho({ redis }: ParticipantContext): Promise<ParticipantTask> {
  const [client, subscriber] = [new Redis(redis), new Redis(redis)]
  subscriber.on('message', () => void client.publish('pong', ''))
  await subscriber.subscribe('ping')
  return {
    measureRound: async () => ({}),
    close: async () => [client, subscriber].map((connection) => connection.disconnect()),
  }
}

async function measureRepeatedly(measureOnce: () => Promise<number>, count: number): Promise<Samples> {
  const times: number[] = []
  for (let index = 0; index < warmUps + count; index += 1) {
    // Some libraries compare times in whole ms, so consecutive invalidations must not share one.
    await sleep(5)
    const time = await measureOnce()
    if (index >= warmUps) times.push(time)
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

/** The monotonic clock that all processes of the machine share, in ms. */
function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

export const propagation: Workload = {
  name: 'propagation',
  title: 'An invalidation reaches another process',
  about:
    'From the call of `invalidate` to the computation in a second process, which reads the entry from memory in a loop. The limit is a round trip over bare pub/sub.',
  participants: ['larder', 'bentocache', limit],
  limit,
  redis: true,
  processes: 2,
  metrics: [
    { name: 'p50', unit: 'ms', better: 'less' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  merge: (samples) => samples[0] ?? {},
  prepareTask,
  goals: [
    {
      of: 'p99',
      kind: 'time',
      goal: '≤ 3 of a bare round trip',
      evaluate: (results) => ratioOf(results, ['larder', 'p99'], [limit]),
      holds: (ratio) => ratio <= 3,
    },
  ],
}
