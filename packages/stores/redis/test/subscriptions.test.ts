import { type RedisServer, startCluster, startRedis, until } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { open } from './support/open'

let server: RedisServer
let client: Redis

beforeEach(async () => {
  server = await startRedis()
  client = new Redis(server.port)
})

afterEach(async () => {
  client.disconnect()
  await server.close()
})

const channels = async (pattern: string) =>
  (await server.command('PUBSUB', 'CHANNELS', pattern)).split('\n').filter((channel) => channel !== '')

const connectionsMade = async () =>
  Number(/total_connections_received:(\d+)/.exec(await server.command('INFO', 'stats'))?.[1])

const nothing = () => undefined

test('a subscription that was cut stands again, and its listeners are told to doubt', async () => {
  const { log } = open(redisStore({ client }))
  let doubts = 0
  let messages = 0
  log.follow(
    () => (messages += 1),
    () => (doubts += 1),
  )
  await until('it stands', () => doubts > 0)
  const before = doubts
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until('it stands again', () => doubts > before)
  await log.append([{ scope: 'tag', mode: 'hard', name: 't' }], undefined)
  await until('a message arrives', () => messages > 0)
})

test('a server that refuses the channels is asked once, and every cache of now is told once', async () => {
  const told: string[] = []
  const store = redisStore({ client })
  const gone = open(store, 'gone', () => told.push('gone'))
  open(store, 'living', () => told.push('living'))
  await until('both are subscribed', async () => (await channels('larder:*:done')).length === 2)
  await gone.close()

  await server.command('ACL', 'SETUSER', 'default', 'resetchannels')
  const before = await connectionsMade()
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until('it is told', () => told.length > 0)
  // Each question by redis-cli is a connection as well, and takes its time.
  for (let at = 0; at < 100; at += 1) await server.command('PING')
  const after = await connectionsMade()
  expect(after - before).toBeLessThan(100 + 5)

  await server.command('CLIENT', 'KILL', 'TYPE', 'normal')
  await until('both connections are made anew', async () => (await connectionsMade()) >= after + 4)
  await client.ping()
  expect(told).toEqual(['living'])
})

test('a cache that closes leaves no channel behind, and the others keep theirs', async () => {
  const store = redisStore({ client })
  const [first, second] = [open(store, 'first'), open(store, 'second')]
  const stop = first.log.follow(nothing, nothing)
  await until('all are subscribed', async () => (await channels('larder:*')).length === 3)
  stop()
  await first.close()
  await until('one is left', async () => (await channels('larder:*')).length === 1)
  expect(await channels('larder:*')).toEqual(['larder:{second}:done'])
  await second.close()
})

test('word of a lease that ended reaches whoever waits for its key', async () => {
  const [holder, waiter] = [open(redisStore({ client })), open(redisStore({ client }))]
  const woken: string[] = []
  for (const key of ['k', 'other']) waiter.leases.onRelease(key, () => woken.push(key))
  await until('the subscription stands', async () => (await channels('larder:*:done')).length === 1)
  const answer = await holder.leases.acquire({
    key: 'k',
    asOf: 1,
    notBefore: 0,
    known: undefined,
    ttl: 10_000,
  })
  if (answer.outcome !== 'granted') throw new Error('The lease is free.')
  await answer.lease.release()
  await until('the waiter is woken', () => woken.length > 0)
  expect(woken).toEqual(['k'])
})

test('the channels of whoever owns a Cluster client stay theirs', async () => {
  await using cluster = await startCluster()
  const shared = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  const heard: string[] = []
  await shared.subscribe('own')
  shared.on('message', (channel) => heard.push(channel))
  const { close } = open(redisStore({ client: shared }))
  await close()
  await until('what is published arrives', async () => {
    await shared.publish('own', 'message')
    return heard.includes('own')
  })
  shared.disconnect()
}, 30_000)
