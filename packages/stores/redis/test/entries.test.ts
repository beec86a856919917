// needs: redis
import type { ScanPage, SharedTier } from '@larder/core'
import { provideRedis, type RedisCluster, startCluster } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { namesOf, redisStore } from '../src/index'
import { entryBytes, openStore, payloadOf } from './support/open-store'

/** Keys that need care: empty, with hash tags, glob characters, suffixes of our own names, or beyond ASCII. */
const awkwardKeys = [
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

const server = provideRedis(beforeAll, afterAll)
let cluster: RedisCluster
let clients: Record<'single' | 'cluster', Redis | Cluster>

beforeAll(async () => {
  cluster = await startCluster()
  clients = {
    single: new Redis(server.port),
    cluster: new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port }))),
  }
})

afterAll(async () => {
  for (const client of Object.values(clients)) client.disconnect()
  await cluster.close()
})

test('a deleted key leaves less than 250 bytes on Redis, for as long as it was asked to', async () => {
  const client = clients.single as Redis
  const name = namesOf('larder', 'deleted').entry('user:42:profile')
  const [tier] = openStore(redisStore({ client }), 'deleted').shared
  await tier?.delete(['user:42:profile'], 6, 60_000)
  expect(await client.memory('USAGE', name)).toBeLessThan(250)
  expect(await client.pttl(name)).toBeLessThanOrEqual(60_000)
})

/** Scans all keys, two at a time. */
async function scanAll(tier: SharedTier): Promise<string[]> {
  const found = new Set<string>()
  let cursor: string | undefined
  do {
    const page: ScanPage = await tier.scan!(cursor, 2)
    for (const key of page.keys) found.add(key)
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...found]
}

describe.each(['single', 'cluster'] as const)('the entries of a cache on a %s server', (topology) => {
  const openTier = (name: string) => openStore(redisStore({ client: clients[topology] }), name).shared[0]!

  test('are found by their keys, whatever characters the keys contain', async () => {
    const tier = openTier('awkward')
    await tier.set(
      awkwardKeys.map((key, index) => ({ key, bytes: entryBytes(1, `value ${index}`), keepFor: 60_000 })),
    )
    expect((await tier.get(awkwardKeys)).map(payloadOf)).toEqual(
      awkwardKeys.map((_, index) => `value ${index}`),
    )
    for (const [index, key] of awkwardKeys.entries())
      expect(payloadOf((await tier.get([key]))[0])).toBe(`value ${index}`)
    const scanned = await scanAll(tier)
    expect(scanned.sort()).toEqual([...awkwardKeys].sort())
  })

  test('are separate from those of caches with similar names', async () => {
    const names = ['a', 'a:{k', 'a:', '{a}', 'a}', '%61', 'a*']
    const tiers = names.map(openTier)
    for (const [index, tier] of tiers.entries())
      await tier.set([{ key: 'k}', bytes: entryBytes(1, names[index]), keepFor: 60_000 }])
    for (const [index, tier] of tiers.entries()) {
      expect(payloadOf((await tier.get(['k}']))[0])).toBe(names[index])
      const scanned = await scanAll(tier)
      expect(scanned).toEqual(['k}'])
    }
  })

  test('are replaced by writes at the same or a later position, never by earlier ones', async () => {
    const tier = openTier('order')
    const write = (position: number, text: string) =>
      tier.set([{ key: 'k', bytes: entryBytes(position, text), keepFor: 60_000 }])
    const high = 2 ** 50
    await write(high, 'first')
    await write(high - 1, 'earlier')
    expect(payloadOf((await tier.get(['k']))[0])).toBe('first')
    await write(high, 'equal')
    expect(payloadOf((await tier.get(['k']))[0])).toBe('equal')
    await write(high + 1, 'later')
    expect(payloadOf((await tier.get(['k']))[0])).toBe('later')
  })

  test('are not written after a deletion at a later position', async () => {
    const tier = openTier('tombstones')
    await tier.set([{ key: 'k', bytes: entryBytes(5), keepFor: 60_000 }])
    await tier.delete(['k'], 10, 60_000)
    expect(await tier.get(['k'])).toEqual([undefined])
    await tier.set([{ key: 'k', bytes: entryBytes(9), keepFor: 60_000 }])
    expect(await tier.get(['k'])).toEqual([undefined])
    await tier.set([{ key: 'k', bytes: entryBytes(10, 'after'), keepFor: 60_000 }])
    expect(payloadOf((await tier.get(['k']))[0])).toBe('after')
    await tier.delete(['k'], 9, 60_000)
    expect(payloadOf((await tier.get(['k']))[0])).toBe('after')
  })

  test('leave no key behind when they are deleted without a tombstone', async () => {
    const tier = openTier('unlinked')
    await tier.set([{ key: 'k', bytes: entryBytes(5), keepFor: 60_000 }])
    await tier.delete(['k'], 6, 0)
    const scanned = await scanAll(tier)
    expect(scanned).toEqual([])
  })

  test('expire after maxTtl at the latest', async () => {
    const tier = openStore(redisStore({ client: clients[topology], maxTtl: '1m' }), 'capped').shared[0]!
    const before = Date.now()
    await tier.set([{ key: 'k', bytes: entryBytes(1), keepFor: Number.POSITIVE_INFINITY }])
    const after = Date.now()
    const expiresAt = await (clients[topology] as Redis).pexpiretime('larder:capped:{k:k}')
    // A server reads its clock once per turn of its event loop, so its time may lie slightly before `before`.
    expect(expiresAt).toBeGreaterThan(before + 59_000)
    expect(expiresAt).toBeLessThanOrEqual(after + 60_000)
  })

  test('are written in bulk when the server does not have the scripts cached', async () => {
    const tier = openTier('forgotten')
    const client = clients[topology]
    const nodes = client instanceof Cluster ? client.nodes('master') : [client]
    await Promise.all(nodes.map((node) => node.script('FLUSH')))
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`)
    await tier.set(keys.map((key) => ({ key, bytes: entryBytes(1, key), keepFor: 60_000 })))
    expect((await tier.get(keys)).map(payloadOf)).toEqual(keys)
  })

  test('have leases that are granted once, taken over after an invalidation, and released by the write', async () => {
    const { leases, shared } = openStore(redisStore({ client: clients[topology] }), 'leases')
    const acquire = (key: string, notBefore = 0) =>
      leases.acquire({ key, asOf: 5, notBefore, known: undefined, ttl: 10_000 })
    for (const key of awkwardKeys) {
      const first = await acquire(key)
      expect(first.outcome).toBe('granted')
      expect((await acquire(key)).outcome).toBe('busy')
      // The holder started before an invalidation, so its lease is taken over.
      expect((await acquire(key, 6)).outcome).toBe('granted')
    }
    const granted = await acquire('stored')
    if (granted.outcome !== 'granted') throw new Error(`The lease must be granted; it is ${granted.outcome}.`)
    expect(await granted.lease.renew(10_000)).toBe(true)
    await shared[0]!.set([
      { key: 'stored', bytes: entryBytes(5, 'result'), keepFor: 60_000, lease: granted.lease.token },
    ])
    expect(await granted.lease.renew(10_000)).toBe(false)
    const later = await acquire('stored')
    expect(later.outcome === 'stored' && payloadOf(later.bytes)).toBe('result')
  })
})

test('a lease without an expiry, which Larder never makes, holds up nobody', async () => {
  const client = clients.single
  const { leases } = openStore(redisStore({ client }), 'endless')
  await client.set('larder:endless:{k:key}:lease', 'stranger:999')
  const request = { key: 'key', asOf: 5, notBefore: 0, known: undefined, ttl: 10_000 }
  expect((await leases.acquire(request)).outcome).toBe('granted')
  expect((await leases.acquire(request)).outcome).toBe('busy')
})

test('a read of many keys sends one pipeline per node of a Cluster', async () => {
  const client = clients.cluster
  const tier = openStore(redisStore({ client }), 'pipelines').shared[0]!
  const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`)
  await tier.set(keys.map((key) => ({ key, bytes: entryBytes(1, key), keepFor: 60_000 })))
  const pipelines = vi.spyOn(client, 'pipeline')
  const single = vi.spyOn(client, 'callBuffer')
  expect((await tier.get(keys)).map(payloadOf)).toEqual(keys)
  expect(pipelines).toHaveBeenCalledTimes(3)
  expect(single).not.toHaveBeenCalled()
})
