import { createRateLimiter } from '@larder/rate-limit'
import { Redis } from 'ioredis'
import { RedisStore } from 'rate-limit-redis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { atLeast, greatestAtMost } from '../goals'
import { loadPerSecond } from '../measuring/load-per-second'
import { watchServer } from '../measuring/server-watch'
import { ratioOf } from '../results'
import type { Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'

const identities = Array.from({ length: 1_000 }, (_, index) => `user:${index}`)
const limit = 1_000_000_000

type Consume = (identity: string) => Promise<unknown>

/** Each on the same client of ioredis, with one limit per minute that nobody reaches. */
const limiters: Readonly<Record<string, (client: Redis) => Promise<Consume>>> = {
  async larder(client) {
    const policies = [{ name: 'per-minute', limit, window: '1m' }] as const
    const limiter = createRateLimiter({ name: 'bench', client, policies, storeTimeout: '1m' })
    return (identity) => limiter.consume(identity)
  },
  async 'rate-limit-redis'(client) {
    const sendCommand = (command: string, ...args: string[]) =>
      client.call(command, ...args) as Promise<number>
    const store = new RedisStore({ sendCommand })
    await store.init({ windowMs: 60_000 } as Parameters<typeof store.init>[0])
    return (identity) => store.increment(identity)
  },
  async 'rate-limiter-flexible'(client) {
    const limiter = new RateLimiterRedis({ storeClient: client, points: limit, duration: 60 })
    return (identity) => limiter.consume(identity)
  },
}

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const client = new Redis(redis)
  const watch = watchServer(redis)
  const consume = await limiters[participant]?.(client)
  if (consume === undefined) throw new Error(`There is no rate limiter named ${participant}.`)
  let next = 0
  const consumeNext = () => {
    next += 1
    return consume(identities[next % identities.length] ?? '')
  }
  const measure = (callers: number) => loadPerSecond(consumeNext, { callers, time: effort.time })
  await measure(100)
  return {
    async measureRound() {
      return {
        'one after the other': await measure(1),
        '100 at once': await measure(100),
        'commands/request': await watch.commands(consumeNext),
      }
    },
    async close() {
      watch.close()
      client.disconnect()
    },
  }
}

/** At most 1.5 times as long as a counter that lets twice the limit through. */
const shareOfCounter = (metric: string): Goal => ({
  of: metric,
  kind: 'time',
  ...atLeast(0.67),
  goal: '≥ 0.67 of rate-limit-redis',
  evaluate: (results) => ratioOf(results, ['larder', metric], ['rate-limit-redis']),
})

export const rateLimit: Workload = {
  name: 'rate-limit',
  title: 'A rate limit on Redis',
  about:
    'One limit per minute for each of 1 000 identities, on a client of ioredis. rate-limit-redis and rate-limiter-flexible count in fixed windows, which let up to twice the limit through; Larder never exceeds it.',
  participants: ['larder', 'rate-limit-redis', 'rate-limiter-flexible'],
  redis: true,
  metrics: [
    { name: 'one after the other', unit: '/s', better: 'more' },
    { name: '100 at once', unit: '/s', better: 'more' },
    { name: 'commands/request', unit: '', better: 'less' },
  ],
  prepareTask,
  goals: [
    shareOfCounter('one after the other'),
    shareOfCounter('100 at once'),
    greatestAtMost('commands/request', 1, 'count'),
  ],
}
