import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { libraryNamed } from '../libraries'
import { percentile } from '../median'
import { ratioOf } from '../results'
import type { Samples, Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const limit = 'limit-pub-sub'
const key = 'watched'
const tag = 'watched'
/** Where the second process says when it saw what the first one did. */
const seen = 'seen'
const ready = 'ready'
/** Without an invalidation for so long, in ms, the reader takes it that there are no more. */
const quiet = 1_500
/** Rounds whose times are left out: connections and code are cold. */
const warmUps = 20

function prepare(stage: Stage): Promise<Task> {
  if (stage.participant === limit) return stage.copy === 0 ? publisher(stage) : echo(stage)
  return stage.copy === 0 ? invalidator(stage) : reader(stage)
}

async function invalidator({ participant, effort, redis }: Stage): Promise<Task> {
  const open = await libraryNamed(participant).load()
  const cache = await open(
    setupOf({ tier: 'tiered', redis, tags: [tag], computeOf: () => () => ({ at: now() }) }),
  )
  const control = new Redis(redis)
  async function seenAfter(start: number): Promise<number> {
    const [, at] = (await control.blpop(seen, 10)) ?? []
    if (at === undefined) throw new Error('the other process never knew')
    // A second computation for one invalidation comes late, and belongs to none.
    return Number(at) < start ? seenAfter(start) : Number(at)
  }
  async function once(): Promise<number> {
    const start = now()
    await cache.invalidate?.(tag)
    return (await seenAfter(start)) - start
  }
  return {
    async measure() {
      await control.blpop(ready, 10)
      return measured(once, effort.isShort ? 10 : 300)
    },
    async end() {
      control.disconnect()
      await cache.close()
    },
  }
}

/** Reads without end, and tells when it has to compute. */
async function reader({ participant, redis }: Stage): Promise<Task> {
  const control = new Redis(redis)
  let last = 0
  const compute = () => {
    last = now()
    void control.rpush(seen, last)
    return { computed: last }
  }
  const open = await libraryNamed(participant).load()
  const cache = await open(setupOf({ tier: 'tiered', redis, tags: [tag], computeOf: () => compute }))
  await cache.read(key)
  return {
    async measure() {
      last = now()
      await control.rpush(ready, '')
      while (now() - last < quiet) {
        await cache.read(key)
        await nextTurn()
      }
      return {}
    },
    async end() {
      control.disconnect()
      await cache.close()
    },
  }
}

async function publisher({ effort, redis }: Stage): Promise<Task> {
  const [client, subscriber] = [new Redis(redis), new Redis(redis)]
  await subscriber.subscribe('pong')
  async function once(): Promise<number> {
    const start = now()
    const answer = new Promise((resolve) => subscriber.once('message', resolve))
    await client.publish('ping', '')
    await answer
    return now() - start
  }
  return {
    measure: () => measured(once, effort.isShort ? 10 : 300),
    end: async () => [client, subscriber].map((connection) => connection.disconnect()),
  }
}

async function echo({ redis }: Stage): Promise<Task> {
  const [client, subscriber] = [new Redis(redis), new Redis(redis)]
  subscriber.on('message', () => void client.publish('pong', ''))
  await subscriber.subscribe('ping')
  return {
    measure: async () => ({}),
    end: async () => [client, subscriber].map((connection) => connection.disconnect()),
  }
}

async function measured(once: () => Promise<number>, count: number): Promise<Samples> {
  const times: number[] = []
  for (let at = 0; at < warmUps + count; at += 1) {
    // Some compare times in whole ms: what happens within one would not count as later.
    await sleep(5)
    const time = await once()
    if (at >= warmUps) times.push(time)
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

/** A clock that all processes of the machine share, in ms. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

export const propagation: Workload = {
  name: 'propagation',
  title: 'An invalidation reaches another process',
  about:
    'From the call of `invalidate` to the computation in a second process, which reads the entry from memory without end. The limit is a round trip over bare pub/sub: there and back.',
  participants: ['larder', 'bentocache', limit],
  limit,
  redis: true,
  processes: 2,
  metrics: [
    { name: 'p50', unit: 'ms', better: 'less' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  merge: (samples) => samples[0] ?? {},
  prepare,
  goals: [
    {
      of: 'p99',
      kind: 'time',
      goal: '≤ 3 of a bare round trip',
      measure: (results) => ratioOf(results, ['larder', 'p99'], [limit]),
      holds: (ratio) => ratio <= 3,
    },
  ],
}
