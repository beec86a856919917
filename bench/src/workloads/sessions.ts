import { createSessions } from '@larder/sessions'
import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'
import { greatestAtMost } from '../goals'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { loadPerSecond } from '../measuring/load-per-second'
import { percentile } from '../median'
import { ratioOf } from '../results'
import type { Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'

const active = 10_000
const peer = 'connect-redis'
const callsPerRound = 2_000

/** The session of a shop: about 400 bytes. */
const dataOf = (index: number) => ({
  cookie: { originalMaxAge: null, httpOnly: true, path: '/' },
  user: `user:${index}`,
  cart: Array.from({ length: 5 }, (_, at) => ({ product: `product-${index}-${at}`, count: at })),
  theme: 'dark',
})

type RedisClient = Awaited<ReturnType<typeof connect>>

/** The sessions of one library, by consecutive numbers. */
interface SessionLibrary {
  create(index: number): Promise<unknown>
  /** Reads the data of a session. @throws if there is none. */
  read(index: number): Promise<void>
  /** All that a request does which changes nothing: it reads the session, and records that it was used. */
  request(index: number): Promise<void>
}

function openLarder(client: RedisClient): SessionLibrary {
  const sessions = createSessions<ReturnType<typeof dataOf>>({ name: 'bench', client, storeTimeout: '10s' })
  const ids: string[] = []
  return {
    async create(index) {
      const { id } = await sessions.create(dataOf(index))
      ids[index] = id
    },
    read,
    request: read,
  }
  async function read(index: number): Promise<void> {
    const session = await sessions.read(ids[index] ?? '')
    if (session?.data.theme !== 'dark') throw new Error('A session was lost.')
  }
}

function openConnectRedis(client: RedisClient): SessionLibrary {
  const store = new RedisStore({ client })
  const idOf = (index: number) => `session-${index}`
  async function read(index: number) {
    const found: unknown = await store.get(idOf(index))
    if (!found) throw new Error('A session was lost.')
    return found
  }
  return {
    create: (index) => store.set(idOf(index), dataOf(index) as never),
    async read(index) {
      await read(index)
    },
    async request(index) {
      const found = await read(index)
      await store.touch(idOf(index), found as never)
    },
  }
}

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const client = await connect(redis)
  const library = participant === peer ? openConnectRedis(client) : openLarder(client)
  const calls = effort.isShort ? 100 : callsPerRound
  let created = effort.isShort ? calls : active
  await forEachAtOnce([...Array(created).keys()], 64, library.create)

  return {
    async measureRound() {
      const begin = created
      created += calls
      const creations = await timeEach(calls, (index) => library.create(begin + index))
      const spread = (index: number) => (index * 7_919) % begin
      const reads = await timeEach(calls, (index) => library.read(spread(index)))
      const requests = await timeEach(calls, (index) => library.request(spread(index)))
      const load = { callers: 64, time: effort.time }
      return {
        'create p50': percentile(creations, 0.5),
        'create p99': percentile(creations, 0.99),
        'read p50': percentile(reads, 0.5),
        'read p99': percentile(reads, 0.99),
        'request p50': percentile(requests, 0.5),
        'reads, 64 at once': await loadPerSecond((index) => library.read(spread(index)), load),
      }
    },
    async close() {
      client.destroy()
    },
  }
}

async function connect(url: string) {
  return createClient({ url }).connect()
}

/** The time of each of several calls, one after the other, in ms. */
async function timeEach(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const start = performance.now()
    await call(index)
    times.push(performance.now() - start)
  }
  return times
}

/** Larder's time divided by that of connect-redis. */
function timesOfPeer(metric: string, most: number): Goal {
  return {
    of: metric,
    kind: 'time',
    goal: `≤ ${most} of ${peer}`,
    evaluate: (results) => ratioOf(results, ['larder', metric], [peer]),
    holds: (ratio) => ratio <= most,
  }
}

export const sessions: Workload = {
  name: 'sessions',
  title: 'Sessions',
  about:
    'Sessions of 400 bytes on Redis, 10 000 of them active at the begin: one caller that creates and reads them, each with node-redis. A read of Larder also records the use, once a minute and in the background. With express-session and connect-redis, a request reads the session and then sends EXPIRE: "request" is both; with Larder it is the read alone. Sessions are anonymous: the login of a user costs Larder one more round trip, and connect-redis knows no users.',
  participants: ['larder', peer],
  limit: peer,
  redis: true,
  metrics: [
    ...['create p50', 'create p99', 'read p50', 'read p99', 'request p50'].map(
      (name) => ({ name, unit: 'ms', better: 'less' }) as const,
    ),
    { name: 'reads, 64 at once', unit: '/s', better: 'more' },
  ],
  prepareTask,
  goals: [
    timesOfPeer('create p50', 1.5),
    timesOfPeer('create p99', 1),
    timesOfPeer('read p50', 1.5),
    timesOfPeer('read p99', 1),
    timesOfPeer('request p50', 1.5),
    greatestAtMost('create p99', 50, 'time', 'ms'),
    greatestAtMost('read p99', 10, 'time', 'ms'),
  ],
}
