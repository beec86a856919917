// needs: redis
import { createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { startCluster, startRedis, startSentinels, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { describe, expect, test, vi } from 'vitest'
import { runDoctor } from './support/findings'
import { runLarder, slowClock } from './support/larder'
import { openShop } from './support/shop'

const wellConfigured = ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru']

describe('a healthy server', () => {
  test('passes every check, with exit code 0', async () => {
    await using shop = await openShop(wellConfigured)
    await shop.cache.set('a', 1)
    const { code, status, findings } = await runDoctor(shop.server.url)
    expect(findings.filter((finding) => finding.status !== 'ok')).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      ...['latency', 'clock', 'version', 'eviction', 'persistence', 'replication', 'sentinels'],
      ...['connections', 'sharing', 'rights', 'log'],
    ])
    expect({ code, status }).toEqual({ code: 0, status: 'ok' })
  })

  test('is reported in one line per check without --json', async () => {
    await using shop = await openShop(wellConfigured)
    await shop.cache.set('a', 1)
    const { code, output } = await runLarder(shop.server.url, ['doctor'], { clock: slowClock })
    expect(output).toMatch(/^ok {2}latency +median /)
    expect(output).toMatch(/\nok +eviction +maxmemory 100 MB, volatile-lru\n/)
    expect(output).toContain('11 ok, 0 warnings, 0 failed, 0 unknown.')
    expect(code).toBe(0)
  })

  test('is left unchanged: its DEBUG DIGEST is the same before and after', async () => {
    await using shop = await openShop(['--enable-debug-command', 'yes'])
    await shop.cache.setMany([
      ['a', 1],
      ['b', 2],
    ])
    await shop.cache.invalidate(['t', 'u'])
    await shop.cache.close()
    const before = await shop.server.command('DEBUG', 'DIGEST')
    await runDoctor(shop.server.url)
    await runDoctor(shop.server.url, '--name', 'other')
    await runDoctor(shop.server.url, '--user', 'default')
    expect(await shop.server.command('DEBUG', 'DIGEST')).toBe(before)
  })
})

describe('in a bad configuration,', () => {
  test.each([
    ['allkeys-random', 'may evict the log'],
    ['noeviction', 'refuses new entries'],
  ])('the eviction policy %s is a warning that names the policy to set', async (policy, consequence) => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    await shop.server.command('CONFIG', 'SET', 'maxmemory', '100mb')
    await shop.server.command('CONFIG', 'SET', 'maxmemory-policy', policy)
    const { code, findingOf } = await runDoctor(shop.server.url)
    expect(findingOf('eviction')).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('volatile-lru'),
    })
    expect(findingOf('eviction').found).toContain(consequence)
    expect(code).toBe(0)
    const { output } = await runLarder(shop.server.url, ['doctor'])
    expect(output).toMatch(/\nwarn +eviction .*\n +-> CONFIG SET maxmemory-policy volatile-lru/)
  })

  test('memory without a limit is a warning that names the setting', async () => {
    await using shop = await openShop()
    expect((await runDoctor(shop.server.url)).findingOf('eviction')).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('CONFIG SET maxmemory'),
    })
  })

  test('snapshots without an append-only file are a warning, because their entries are not served', async () => {
    await using shop = await openShop()
    const checkPersistence = async () => (await runDoctor(shop.server.url)).findingOf('persistence')
    expect(await checkPersistence()).toMatchObject({ status: 'ok', found: expect.stringContaining('none') })
    await shop.server.command('CONFIG', 'SET', 'save', '3600 1')
    expect(await checkPersistence()).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('appendonly yes'),
    })
    await shop.server.command('CONFIG', 'SET', 'appendonly', 'yes')
    expect(await checkPersistence()).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('everysec'),
    })
    await shop.server.command('CONFIG', 'SET', 'appendfsync', 'no')
    expect(await checkPersistence()).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('everysec'),
    })
  })
})

describe('the log', () => {
  test('warns if the server does not tell its replication id, and fails if all of it or a part of it was lost', async () => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    await shop.cache.invalidate('t')
    await shop.cache.close()
    const { server } = shop
    const checkLog = async () => (await runDoctor(server.url)).findingOf('log')
    expect((await checkLog()).status).toBe('ok')
    await server.command('HSET', 'larder:{shop}:head', 'server', '')
    expect(await checkLog()).toMatchObject({ status: 'warn', advice: expect.stringContaining('INFO') })
    await server.command('DEL', 'larder:{shop}:log')
    expect(await checkLog()).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('part of it was lost'),
    })
    await server.command('DEL', 'larder:{shop}:head')
    expect(await checkLog()).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('entries but no log'),
    })
    expect((await runDoctor(server.url)).code).toBe(1)
  })

  test('of a cache that no process has opened is a warning that names the other caches', async () => {
    await using shop = await openShop()
    await shop.cache.set('a', 1)
    expect((await runDoctor(shop.server.url, '--name', 'shpo')).findingOf('log')).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('Caches on this server: shop.'),
    })
  })
})

describe('in the topology of servers,', () => {
  test('a replica fails, and a primary reports how far behind its replica is', async () => {
    await using primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
    await using replica = await startRedis({ args: ['--replicaof', primary.host, String(primary.port)] })
    await until('the replica follows', async () =>
      (await primary.command('INFO', 'replication')).includes('online'),
    )
    const onReplica = await runDoctor(replica.url)
    expect(onReplica.findingOf('replication')).toMatchObject({
      status: 'fail',
      found: `this is a replica of ${primary.host}:${primary.port}, and refuses writes.`,
    })
    expect(onReplica.code).toBe(1)
    expect((await runDoctor(primary.url)).findingOf('replication')).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(new RegExp(`${replica.port} online.*min-replicas-to-write is not set`)),
      advice: expect.stringContaining('failoverDetector: true'),
    })
    await primary.command('CONFIG', 'SET', 'min-replicas-to-write', '1')
    expect((await runDoctor(primary.url)).findingOf('replication')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining(`${replica.port} online`),
    })
  }, 30_000)

  test('behind Sentinels, processes that do not listen for a switch are a warning', async () => {
    await using topology = await startSentinels()
    const clientWith = (failoverDetector: boolean) => {
      const client = new Redis({ sentinels: [...topology.sentinels], name: topology.name, failoverDetector })
      client.on('error', () => undefined)
      return client
    }
    const { url } = await topology.primary()
    const diagnose = async (failoverDetector: boolean) => {
      const client = clientWith(failoverDetector)
      const cache = createCache({ name: 'shop', store: redisStore({ client }) })
      await cache.ready()
      const diagnosis = await runDoctor(url)
      await cache.close()
      client.disconnect()
      return diagnosis.findingOf('sentinels')
    }
    vi.spyOn(process, 'emitWarning').mockReturnValue()
    expect(await diagnose(false)).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(
        /^3 Sentinels watch "larder".*1 process follows the log, and only 0 clients listen/,
      ),
      advice: expect.stringContaining('failoverDetector: true'),
    })
    expect(await diagnose(true)).toMatchObject({ status: 'ok', found: expect.stringContaining('quorum') })
  }, 60_000)

  test('keys of others in the same database are a warning that names one, and other databases are mentioned', async () => {
    await using shop = await openShop(wellConfigured)
    await shop.cache.set('a', 1)
    await shop.server.command('-n', '2', 'SET', 'elsewhere', '1')
    expect((await runDoctor(shop.server.url)).findingOf('sharing')).toEqual({
      check: 'sharing',
      status: 'ok',
      found: 'database 0 holds only names that begin with larder:; the server also has keys in db2',
    })
    await shop.server.command('SET', 'sess:1', 'a session')
    expect((await runDoctor(shop.server.url)).findingOf('sharing')).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/ belong to others, such as sess:1; .*FLUSHDB/),
      advice: expect.stringContaining('~larder:*'),
    })
  })

  test('on a Cluster each primary is checked, and every command works from any node', async () => {
    await using cluster = await startCluster({ replicas: 0 })
    const [node] = cluster.nodes
    const url = node?.url ?? ''
    const before = await runDoctor(url)
    expect(before.findingOf('cluster')).toMatchObject({
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
    await fillClusterCache(url)
    expect((await runDoctor(url)).findingOf('log')).toMatchObject({ status: 'ok' })
    expect((await runLarder(url, ['keys', '--all'])).output.split('\n').filter(Boolean)).toHaveLength(20)
    expect((await runLarder(url, ['stats'])).output).toMatch(/and 2 more primaries/)
    expect((await runLarder(url, ['invalidate', 't'])).code).toBe(0)
    expect((await runLarder(url, ['get', 'key 7'])).output).toContain('miss (invalidated)')
  }, 60_000)

  test('a server that cannot be reached is a finding that fails', async () => {
    const { code, findings } = await runDoctor('redis://127.0.0.1:1')
    expect(findings).toEqual([
      { check: 'connection', status: 'fail', found: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(code).toBe(1)
  })
})

/** Fills the cache as an application on the Cluster does, with entries on every node. */
async function fillClusterCache(url: string): Promise<void> {
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
    Array.from({ length: 20 }, (_, index) => [`key ${index}`, index]),
    { tags: ['t'] },
  )
  client.disconnect()
}
