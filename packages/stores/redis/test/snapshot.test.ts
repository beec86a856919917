import { type Cache, createCache } from '@larder/core'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'
import { redisStore } from '../src/index'

async function openCache(server: RedisServer): Promise<Cache> {
  const cache = createCache({ name: 'snapshots', store: redisStore({ url: server.url }), ttl: '1h' })
  await until('the cache has met its log', () => cache.stats().lag < Number.POSITIVE_INFINITY)
  return cache
}

/**
 * Does something until Redis has taken it: a cache that was kept from running for longer than its store's timeout gives up
 * what Redis may be doing (gate.ts in @larder/core).
 */
const applied = (work: () => Promise<{ readonly outcome: string }>) =>
  until('Redis has taken it', async () => (await work()).outcome === 'applied')

/** A value is cached, saved, and invalidated; then the server crashes and comes back. Returns what a new process reads. */
async function readAfterCrash(server: RedisServer): Promise<unknown> {
  const before = await openCache(server)
  await applied(() => before.set('k', 'old', { tags: ['t'] }))
  await server.command('SAVE')
  await applied(() => before.invalidate('t'))
  await before.close()
  await server.kill()
  await server.revive()
  await using writer = await openCache(server)
  await applied(() => writer.set('control', 1))
  await using after = await openCache(server)
  await settled(after)
  return await after.get('k')
}

/** After a restart only what was just computed counts, for a moment: it is over once something older does. */
async function settled(cache: Cache): Promise<void> {
  const { maxStaleness } = cache.stats()
  await until('something older counts', async () => {
    const { age = 0 } = await cache.explain('control')
    return age > maxStaleness && (await cache.has('control'))
  })
}

test('what was invalidated after the last snapshot stays so when the server comes back from it', async () => {
  await using server = await startRedis({ args: ['--save', '3600 1'] })
  expect(await readAfterCrash(server)).toBeUndefined()
})

test('what was cached after a restart from a snapshot counts', async () => {
  await using server = await startRedis({ args: ['--save', '3600 1'] })
  await readAfterCrash(server)
  await using cache = await openCache(server)
  await applied(() => cache.set('k', 'new'))
  await using other = await openCache(server)
  let reason: string | undefined = 'absent'
  await until('another process has read it', async () => {
    reason = (await other.explain('k')).reason
    return reason !== 'absent'
  })
  expect(reason).toBeUndefined()
  await until('it is served there', async () => (await other.get('k')) === 'new')
})

test('an append-only file brings the log back with the entries, and what was cached counts', async () => {
  await using server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
  const before = await openCache(server)
  await applied(() => before.set('kept', 'kept'))
  expect(await readAfterCrash(server)).toBeUndefined()
  await using after = await openCache(server)
  await until('what was cached counts again', async () => (await after.get('kept')) === 'kept')
})
