import { startCluster, startRedis, until } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { diagnose } from './support/findings'
import { larder, slowClock } from './support/larder'
import { openShop } from './support/shop'

const wellConfigured = ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru']

describe('a healthy server', () => {
  test('passes every check, with exit code 0', async () => {
    await using shop = await openShop(wellConfigured)
    await shop.cache.set('a', 1)
    const { code, status, findings } = await diagnose(shop.server.url)
    expect(findings.filter((finding) => finding.status !== 'ok')).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      ...['latency', 'clock', 'version', 'eviction', 'persistence', 'replication', 'rights', 'log'],
    ])
    expect({ code, status }).toEqual({ code: 0, status: 'ok' })
  })

  test('is told in lines for people', async () => {
    await using shop = await openShop(wellConfigured)
    await shop.cache.set('a', 1)
    const { code, output } = await larder(shop.server.url, ['doctor'], { clock: slowClock })
    expect(output).toMatch(/^ok {2}latency +median /)
    expect(output).toMatch(/\nok +eviction +maxmemory 100 MB, volatile-lru\n/)
    expect(output).toContain('8 ok, 0 to look at, 0 failed, 0 unknown.')
    expect(code).toBe(0)
  })

  test('is not changed by a bit', async () => {
    await using shop = await openShop(['--enable-debug-command', 'yes'])
    await shop.cache.setMany([
      ['a', 1],
      ['b', 2],
    ])
    await shop.cache.invalidate(['t', 'u'])
    await shop.cache.close()
    const before = await shop.server.command('DEBUG', 'DIGEST')
    await diagnose(shop.server.url)
    await diagnose(shop.server.url, '--name', 'other')
    await diagnose(shop.server.url, '--user', 'default')
    expect(await shop.server.command('DEBUG', 'DIGEST')).toBe(before)
  })
})

describe('a bad configuration', () => {
  test.each([
    ['allkeys-random', 'may evict the log'],
    ['noeviction', 'refuses new entries'],
  ])('the policy %s is told, with the one to set', async (policy, consequence) => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    await shop.server.command('CONFIG', 'SET', 'maxmemory', '100mb')
    await shop.server.command('CONFIG', 'SET', 'maxmemory-policy', policy)
    const { code, of } = await diagnose(shop.server.url)
    expect(of('eviction')).toMatchObject({ status: 'warn', advice: expect.stringContaining('volatile-lru') })
    expect(of('eviction').found).toContain(consequence)
    expect(code).toBe(0)
    const { output } = await larder(shop.server.url, ['doctor'])
    expect(output).toMatch(/\nwarn +eviction .*\n +-> CONFIG SET maxmemory-policy volatile-lru/)
  })

  test('memory without a limit is told', async () => {
    await using shop = await openShop()
    expect((await diagnose(shop.server.url)).of('eviction')).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('CONFIG SET maxmemory'),
    })
  })

  test('snapshots without an append-only file are warned of: nothing in them counts', async () => {
    await using shop = await openShop()
    const persistence = async () => (await diagnose(shop.server.url)).of('persistence')
    expect(await persistence()).toMatchObject({ status: 'ok', found: expect.stringContaining('none') })
    await shop.server.command('CONFIG', 'SET', 'save', '3600 1')
    expect(await persistence()).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('appendonly yes'),
    })
    await shop.server.command('CONFIG', 'SET', 'appendonly', 'yes')
    expect(await persistence()).toMatchObject({ status: 'ok', found: expect.stringContaining('everysec') })
    await shop.server.command('CONFIG', 'SET', 'appendfsync', 'no')
    expect(await persistence()).toMatchObject({ status: 'warn', advice: expect.stringContaining('everysec') })
  })
})

describe('the log', () => {
  test('that was lost in whole or in part fails', async () => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    await shop.cache.invalidate('t')
    await shop.cache.close()
    const { server } = shop
    const log = async () => (await diagnose(server.url)).of('log')
    expect((await log()).status).toBe('ok')
    await server.command('DEL', 'larder:{shop}:recent')
    expect(await log()).toMatchObject({ status: 'fail', found: expect.stringContaining('index') })
    await server.command('DEL', 'larder:{shop}:log')
    expect(await log()).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('part of it was lost'),
    })
    await server.command('DEL', 'larder:{shop}:head')
    expect(await log()).toMatchObject({ status: 'fail', found: expect.stringContaining('no log') })
    expect((await diagnose(server.url)).code).toBe(1)
  })

  test('of a cache that nobody has opened is a warning that names the others', async () => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    expect((await diagnose(shop.server.url, '--name', 'shpo')).of('log')).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('Caches that are here: shop.'),
    })
  })
})

describe('the topology', () => {
  test('a replica fails, and a primary tells how far its replica is', async () => {
    await using primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
    await using replica = await startRedis({ args: ['--replicaof', primary.host, String(primary.port)] })
    await until('the replica follows', async () =>
      (await primary.command('INFO', 'replication')).includes('online'),
    )
    const onReplica = await diagnose(replica.url)
    expect(onReplica.of('replication')).toMatchObject({
      status: 'fail',
      found: `this is a replica of ${primary.host}:${primary.port}, and refuses writes.`,
    })
    expect(onReplica.code).toBe(1)
    expect((await diagnose(primary.url)).of('replication')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining(`${replica.port} online`),
    })
  }, 30_000)

  test('on a Cluster each primary is examined, and every command works from any node', async () => {
    await using cluster = await startCluster({ replicas: 0 })
    const [node] = cluster.nodes
    const url = node?.url ?? ''
    const before = await diagnose(url)
    expect(before.of('cluster')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('3 primaries'),
    })
    expect(
      before.findings
        .filter(({ check }) => check === 'rights')
        .map(({ node: label }) => label)
        .sort(),
    ).toEqual(cluster.nodes.map(({ host, port }) => `${host}:${port}`).sort())
    expect(before.findings.filter(({ status }) => status === 'fail')).toEqual([])
    await openOnCluster(url)
    expect((await diagnose(url)).of('log')).toMatchObject({ status: 'ok' })
    expect((await larder(url, ['keys', '--all'])).output.split('\n').filter(Boolean)).toHaveLength(20)
    expect((await larder(url, ['stats'])).output).toMatch(/and 2 more primaries/)
    expect((await larder(url, ['invalidate', 't'])).code).toBe(0)
    expect((await larder(url, ['get', 'key 7'])).output).toContain('miss (invalidated)')
  }, 60_000)

  test('a server that cannot be reached is a finding that fails', async () => {
    const { code, findings } = await diagnose('redis://127.0.0.1:1')
    expect(findings).toEqual([
      { check: 'connection', status: 'fail', found: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(code).toBe(1)
  })
})

/** As an application on the Cluster would: entries on every node. */
async function openOnCluster(url: string): Promise<void> {
  const { createCache } = await import('@larder/core')
  const { redisStore } = await import('@larder/redis')
  const { Cluster } = await import('ioredis')
  const client = new Cluster([url])
  await using cache = createCache({
    name: 'shop',
    store: redisStore({ client }),
    ttl: '1h',
    storeTimeout: '1m',
  })
  await cache.setMany(
    Array.from({ length: 20 }, (_, at) => [`key ${at}`, at]),
    { tags: ['t'] },
  )
  client.disconnect()
}
