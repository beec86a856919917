// needs: redis
// tier: slow
import { type RedisCluster, type RedisServer, startCluster } from '@larder/servers'
import { Cluster } from 'ioredis'
import { expect, test } from 'vitest'
import { createSessions } from '../src/index'

/** Moves the slot of a key, with all keys in it, to another node. */
async function moveSlot(cluster: RedisCluster, key: string): Promise<void> {
  const source = await cluster.primaryOf(key)
  const target = cluster.nodes.find(({ port }) => port !== source.port) as RedisServer
  const [sourceId, targetId] = await Promise.all(
    [source, target].map((node) => node.command('CLUSTER', 'MYID')),
  )
  const slot = await source.command('CLUSTER', 'KEYSLOT', key)
  const setSlot = (node: RedisServer, ...words: string[]) =>
    node.command('CLUSTER', 'SETSLOT', slot, ...words)
  await setSlot(target, 'IMPORTING', sourceId ?? '')
  await setSlot(source, 'MIGRATING', targetId ?? '')
  const keys = (await source.command('CLUSTER', 'GETKEYSINSLOT', slot, '1000')).split('\n')
  await source.command('MIGRATE', target.host, String(target.port), '', '0', '5000', 'KEYS', ...keys)
  for (const node of [target, source, ...cluster.nodes]) await setSlot(node, 'NODE', targetId ?? '')
}

test('sessions live on, and ends hold, when their slot moves to another node of a Cluster', async () => {
  await using cluster = await startCluster({ replicas: 0 })
  const client = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  await using sessions = createSessions({
    name: 'shop',
    client,
    storeTimeout: '20s',
    onError: () => undefined,
  })
  const [kept, ended] = [await sessions.create({ a: 1 }), await sessions.create({ b: 1 })]
  await ended.revoke()
  for (const { handle } of [kept, ended]) {
    const found = await Promise.all(cluster.nodes.map((node) => node.command('KEYS', `*:${handle}`)))
    await moveSlot(cluster, found.find((key) => key !== '') ?? '')
  }
  expect((await sessions.read(kept.id))?.data).toEqual({ a: 1 })
  expect(await sessions.read(ended.id)).toBeUndefined()
  kept.data.a = 2
  expect(await kept.save()).toBe('saved')
  client.disconnect()
})
