// needs: redis
import { type Cache, createCache } from '@larder/core'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'
import { redisStore } from '../src/index'

async function openCache(server: RedisServer): Promise<Cache> {
  const cache = createCache({ name: 'snapshots', store: redisStore({ url: server.url }), ttl: '1h' })
  await until('the cache is in sync with its log', () => cache.stats().lag < Number.POSITIVE_INFINITY)
  return cache
}

/**
 * Repeats a write until its outcome is `applied`. A stall of this process that is longer than `storeTimeout` makes the cache
 * give up a write that Redis may still run (see support/patient-timeouts.ts). A longer `storeTimeout` is not an option here:
 * it also prolongs how long a cache distrusts a server after a restart.
 */
const untilApplied = (write: () => Promise<{ readonly outcome: string }>) =>
  until('the write is applied', async () => (await write()).outcome === 'applied')

/**
 * Caches a value, saves a snapshot, invalidates the value, and restarts the server. Returns the value that a new process reads.
 * `configure` changes the server before a process has reached it.
 */
async function readAfterCrash(server: RedisServer, configure = async () => {}): Promise<unknown> {
  const before = await openCache(server)
  await untilApplied(() => before.set('k', 'old', { tags: ['t'] }))
  await server.command('SAVE')
  await untilApplied(() => before.invalidate('t'))
  await before.close()
  await server.kill()
  await server.revive()
  await configure()
  await using writer = await openCache(server)
  await untilApplied(() => writer.set('control', 1))
  await using after = await openCache(server)
  await untilSettled(after)
  return await after.get('k')
}

/** Waits until entries older than `maxStaleness` are served: directly after a restart they are not. */
async function untilSettled(cache: Cache): Promise<void> {
  const { maxStaleness } = cache.stats()
  await until('an older entry is served', async () => {
    const { age = 0 } = await cache.explain('control')
    return age > maxStaleness && (await cache.has('control'))
  })
}

test('an entry invalidated after the last snapshot is not served after a restart from it', async () => {
  await using server = await startRedis({ args: ['--save', '3600 1'] })
  expect(await readAfterCrash(server)).toBeUndefined()
})

test('nor if the append-only file is enabled after that restart', async () => {
  await using server = await startRedis({ args: ['--save', '3600 1'] })
  const enableFile = async () => void (await server.command('CONFIG', 'SET', 'appendonly', 'yes'))
  expect(await readAfterCrash(server, enableFile)).toBeUndefined()
})

test('an entry stored after a restart from a snapshot is served', async () => {
  await using server = await startRedis({ args: ['--save', '3600 1'] })
  await readAfterCrash(server)
  await using cache = await openCache(server)
  await untilApplied(() => cache.set('k', 'new'))
  await using other = await openCache(server)
  let reason: string | undefined = 'absent'
  await until('another process has read the entry', async () => {
    reason = (await other.explain('k')).reason
    return reason !== 'absent'
  })
  expect(reason).toBeUndefined()
  await until('the other process serves the entry', async () => (await other.get('k')) === 'new')
})

test('entries stored before a restart from an append-only file are served, except invalidated ones', async () => {
  await using server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
  const before = await openCache(server)
  await untilApplied(() => before.set('kept', 'kept'))
  expect(await readAfterCrash(server)).toBeUndefined()
  await using after = await openCache(server)
  await until('the entry is served again', async () => (await after.get('kept')) === 'kept')
})
