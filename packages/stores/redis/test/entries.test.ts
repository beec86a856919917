import type { SharedTier } from '@larder/core'
import { type RedisCluster, type RedisServer, startCluster, startRedis } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { redisStore } from '../src/index'
import { bytesAt, open, textOf } from './support/open'

const awkward = [
  '',
  ' ',
  'a:b',
  '{a}',
  '}',
  '{',
  '{}',
  '}{',
  '*',
  '[a-z]?',
  'ключ',
  '😀',
  'a}:lease',
  'x'.repeat(4_000),
  '\u0000',
]

let server: RedisServer
let cluster: RedisCluster
let clients: Record<'single' | 'cluster', Redis | Cluster>

beforeAll(async () => {
  ;[server, cluster] = await Promise.all([startRedis(), startCluster()])
  clients = {
    single: new Redis(server.port),
    cluster: new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port }))),
  }
}, 30_000)

afterAll(async () => {
  for (const client of Object.values(clients)) client.disconnect()
  await Promise.all([server.close(), cluster.close()])
})

/** Every key, a few at a time. */
async function scannedFrom(tier: SharedTier): Promise<string[]> {
  const found = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await tier.scan(cursor, 2)
    for (const key of page.keys) found.add(key)
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...found]
}

describe.each(['single', 'cluster'] as const)('entries on a %s server', (topology) => {
  const tierOf = (name: string) => open(redisStore({ client: clients[topology] }), name).shared[0]!

  test('come back by their keys, whatever characters those hold', async () => {
    const tier = tierOf('awkward')
    await tier.set(awkward.map((key, at) => ({ key, bytes: bytesAt(1, `value ${at}`), keepFor: 60_000 })))
    expect((await tier.get(awkward)).map(textOf)).toEqual(awkward.map((_, at) => `value ${at}`))
    for (const [at, key] of awkward.entries()) expect(textOf((await tier.get([key]))[0])).toBe(`value ${at}`)
    const scanned = await scannedFrom(tier)
    expect(scanned.sort()).toEqual([...awkward].sort())
  })

  test('of neighbours whose names begin alike never meet', async () => {
    const names = ['a', 'a:{k', 'a:', '{a}', 'a}', '%61', 'a*']
    const tiers = names.map(tierOf)
    for (const [at, tier] of tiers.entries())
      await tier.set([{ key: 'k}', bytes: bytesAt(1, names[at]), keepFor: 60_000 }])
    for (const [at, tier] of tiers.entries()) {
      expect(textOf((await tier.get(['k}']))[0])).toBe(names[at])
      const scanned = await scannedFrom(tier)
      expect(scanned).toEqual(['k}'])
    }
  })

  test('are never replaced by older ones, and are by younger or equal ones', async () => {
    const tier = tierOf('order')
    const write = (position: number, text: string) =>
      tier.set([{ key: 'k', bytes: bytesAt(position, text), keepFor: 60_000 }])
    const high = 2 ** 50
    await write(high, 'first')
    await write(high - 1, 'older')
    expect(textOf((await tier.get(['k']))[0])).toBe('first')
    await write(high, 'equal')
    expect(textOf((await tier.get(['k']))[0])).toBe('equal')
    await write(high + 1, 'younger')
    expect(textOf((await tier.get(['k']))[0])).toBe('younger')
  })

  test('that arrive after a deletion they are older than are refused', async () => {
    const tier = tierOf('tombstones')
    await tier.set([{ key: 'k', bytes: bytesAt(5), keepFor: 60_000 }])
    await tier.delete(['k'], 10, 60_000)
    expect(await tier.get(['k'])).toEqual([undefined])
    await tier.set([{ key: 'k', bytes: bytesAt(9), keepFor: 60_000 }])
    expect(await tier.get(['k'])).toEqual([undefined])
    await tier.set([{ key: 'k', bytes: bytesAt(10, 'after'), keepFor: 60_000 }])
    expect(textOf((await tier.get(['k']))[0])).toBe('after')
    await tier.delete(['k'], 9, 60_000)
    expect(textOf((await tier.get(['k']))[0])).toBe('after')
  })

  test('removed without a tombstone leave nothing', async () => {
    const tier = tierOf('unlinked')
    await tier.set([{ key: 'k', bytes: bytesAt(5), keepFor: 60_000 }])
    await tier.delete(['k'], 6, 0)
    const scanned = await scannedFrom(tier)
    expect(scanned).toEqual([])
  })

  test('never live longer than maxTtl', async () => {
    const tier = open(redisStore({ client: clients[topology], maxTtl: '1m' }), 'capped').shared[0]!
    const before = Date.now()
    await tier.set([{ key: 'k', bytes: bytesAt(1), keepFor: Number.POSITIVE_INFINITY }])
    const after = Date.now()
    const end = await (clients[topology] as Redis).pexpiretime('larder:capped:{k:k}')
    // Servers take the time once for all that they find to do.
    expect(end).toBeGreaterThan(before + 59_000)
    expect(end).toBeLessThanOrEqual(after + 60_000)
  })

  test('are written together though the server forgets its scripts', async () => {
    const tier = tierOf('forgotten')
    const client = clients[topology]
    const nodes = client instanceof Cluster ? client.nodes('master') : [client]
    await Promise.all(nodes.map((node) => node.script('FLUSH')))
    const keys = Array.from({ length: 20 }, (_, at) => `key ${at}`)
    await tier.set(keys.map((key) => ({ key, bytes: bytesAt(1, key), keepFor: 60_000 })))
    expect((await tier.get(keys)).map(textOf)).toEqual(keys)
  })

  test('have leases in their own slots', async () => {
    const { leases, shared } = open(redisStore({ client: clients[topology] }), 'leases')
    const ask = (key: string, notBefore = 0) =>
      leases.acquire({ key, asOf: 5, notBefore, known: undefined, ttl: 10_000 })
    for (const key of awkward) {
      const answer = await ask(key)
      expect(answer.outcome).toBe('granted')
      expect((await ask(key)).outcome).toBe('busy')
      // A holder from before an invalidation is passed over.
      expect((await ask(key, 6)).outcome).toBe('granted')
    }
    const granted = await ask('stored')
    if (granted.outcome !== 'granted') throw new Error('The lease is free.')
    expect(await granted.lease.renew(10_000)).toBe(true)
    await shared[0]!.set([
      { key: 'stored', bytes: bytesAt(5, 'result'), keepFor: 60_000, lease: granted.lease.token },
    ])
    expect(await granted.lease.renew(10_000)).toBe(false)
    const later = await ask('stored')
    expect(later.outcome === 'stored' && textOf(later.bytes)).toBe('result')
  })
})

test('many keys of a Cluster are read in one round trip per node', async () => {
  const client = clients.cluster
  const tier = open(redisStore({ client }), 'pipelines').shared[0]!
  const keys = Array.from({ length: 100 }, (_, at) => `key ${at}`)
  await tier.set(keys.map((key) => ({ key, bytes: bytesAt(1, key), keepFor: 60_000 })))
  const pipelines = vi.spyOn(client, 'pipeline')
  const single = vi.spyOn(client, 'callBuffer')
  expect((await tier.get(keys)).map(textOf)).toEqual(keys)
  expect(pipelines).toHaveBeenCalledTimes(3)
  expect(single).not.toHaveBeenCalled()
})
