// needs: redis
import { provideRedis, startCluster, until } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { openStore } from './support/open-store'

const server = provideRedis(beforeEach, afterEach)
let client: Redis

beforeEach(async () => {
  client = new Redis(server.port)
})

afterEach(async () => {
  client.disconnect()
})

const listChannels = async (pattern: string) =>
  (await server.command('PUBSUB', 'CHANNELS', pattern)).split('\n').filter((channel) => channel !== '')

const countConnections = async () =>
  Number(/total_connections_received:(\d+)/.exec(await server.command('INFO', 'stats'))?.[1])

const ignore = () => undefined

test('a subscription resumes after its connection is killed, and reports that messages may be lost', async () => {
  const { log } = openStore(redisStore({ client }))
  let possibleLosses = 0
  let messages = 0
  log.follow(
    () => (messages += 1),
    () => (possibleLosses += 1),
  )
  await until('the client is subscribed', () => possibleLosses > 0)
  const before = possibleLosses
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until('the client is subscribed again', () => possibleLosses > before)
  await log.append([{ scope: 'tag', mode: 'hard', name: 't' }], undefined)
  await until('a message arrives', () => messages > 0)
})

test('a server that denies the channels is not retried in a loop, and each open cache reports one error', async () => {
  const reporters: string[] = []
  const store = redisStore({ client })
  const gone = openStore(store, 'gone', () => reporters.push('gone'))
  openStore(store, 'living', () => reporters.push('living'))
  await until('both are subscribed', async () => (await listChannels('larder:*:done')).length === 2)
  await gone.close()

  await server.command('ACL', 'SETUSER', 'default', 'resetchannels')
  const before = await countConnections()
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until('the error is reported', () => reporters.length > 0)
  // Each command runs redis-cli: it takes time, and makes one connection.
  for (let index = 0; index < 100; index += 1) await server.command('PING')
  const after = await countConnections()
  expect(after - before).toBeLessThan(100 + 5)

  await server.command('CLIENT', 'KILL', 'TYPE', 'normal')
  await until('both connections are replaced', async () => (await countConnections()) >= after + 4)
  await client.ping()
  expect(reporters).toEqual(['living'])
})

test('a cache that closes unsubscribes its channels, and the others stay subscribed', async () => {
  const store = redisStore({ client })
  const [first, second] = [openStore(store, 'first'), openStore(store, 'second')]
  const stop = first.log.follow(ignore, ignore)
  await until('all channels are subscribed', async () => (await listChannels('larder:*')).length === 3)
  stop()
  await first.close()
  await until('one channel is left', async () => (await listChannels('larder:*')).length === 1)
  expect(await listChannels('larder:*')).toEqual(['larder:{second}:done'])
  await second.close()
})

test('the release of a lease wakes the waiters of its key, and of no other key', async () => {
  const [holder, waiter] = [openStore(redisStore({ client })), openStore(redisStore({ client }))]
  const woken: string[] = []
  for (const key of ['k', 'other']) waiter.leases.onRelease(key, () => woken.push(key))
  await until('the channel is subscribed', async () => (await listChannels('larder:*:done')).length === 1)
  const attempt = await holder.leases.acquire({
    key: 'k',
    asOf: 1,
    notBefore: 0,
    known: undefined,
    ttl: 10_000,
  })
  if (attempt.outcome !== 'granted') throw new Error(`The lease must be granted; it is ${attempt.outcome}.`)
  await attempt.lease.release()
  await until('the waiter is woken', () => woken.length > 0)
  expect(woken).toEqual(['k'])
})

test('a closing cache leaves the application’s own channels on a Cluster client subscribed', async () => {
  await using cluster = await startCluster()
  const shared = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  const received: string[] = []
  await shared.subscribe('own')
  shared.on('message', (channel) => received.push(channel))
  const { close } = openStore(redisStore({ client: shared }))
  await close()
  await until('a published message arrives', async () => {
    await shared.publish('own', 'message')
    return received.includes('own')
  })
  shared.disconnect()
})
