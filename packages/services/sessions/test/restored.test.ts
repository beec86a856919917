// needs: redis
import { type RedisOptions, type RedisServer, startRedis, until } from '@larder/servers'
import { afterEach, expect, test } from 'vitest'
import { createSessions, type Sessions, type SessionsOptions } from '../src/index'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startServer(options?: RedisOptions): Promise<RedisServer> {
  const server = await startRedis(options)
  cleanups.push(server.close)
  return server
}

function openSessions({ url }: RedisServer, options: Partial<SessionsOptions> = {}): Sessions {
  const sessions = createSessions({
    name: 'shop',
    url,
    // A busy machine must not look like an outage.
    storeTimeout: '20s',
    circuitPause: 10,
    onError: () => undefined,
    ...options,
  })
  cleanups.push(sessions.close)
  return sessions
}

/** Resolves to whether the session is there, once the server replies again. */
async function isLoggedIn(sessions: Sessions, id: string): Promise<boolean> {
  let isLive = false
  await until('the server replies', async () => {
    try {
      isLive = (await sessions.read(id)) !== undefined
      return true
    } catch {
      return false
    }
  })
  return isLive
}

async function listEpochs(server: RedisServer): Promise<string[]> {
  return (await server.command('KEYS', '*:epoch')).split('\n').filter((key) => key !== '')
}

/** How far a server is in the stream of replication. */
async function offsetOf(server: RedisServer): Promise<string | undefined> {
  return /master_repl_offset:(\d+)/.exec(await server.command('INFO', 'replication'))?.[1]
}

/** A server that has one session in its snapshot, which ended afterwards. */
async function startWithSnapshot(options?: RedisOptions) {
  const server = await startServer(options)
  const sessions = openSessions(server)
  const session = await sessions.create({ a: 1 }, { user: 'ann' })
  await server.command('SAVE')
  await sessions.revoke(session.id)
  return { server, sessions, session }
}

test('after a restart from a snapshot, a session that had ended since stays ended, and everybody is logged out', async () => {
  const { server, sessions, session } = await startWithSnapshot()
  const kept = await sessions.create({}, { user: 'bob' })
  await server.command('SAVE')
  await server.revive()
  const others = openSessions(server)
  for (const { id } of [session, kept]) {
    expect(await isLoggedIn(others, id)).toBe(false)
    expect(await isLoggedIn(sessions, id)).toBe(false)
  }
  expect(await others.listByUser('bob')).toEqual([])
  expect([await kept.save(), await kept.renew()]).toEqual(['unchanged', 'ended'])
  const again = await others.create({}, { user: 'bob' })
  expect(await isLoggedIn(sessions, again.id)).toBe(true)
})

test('a process that finds a snapshot warns once, and counts no session of it', async () => {
  const { server, sessions } = await startWithSnapshot()
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  await server.revive()
  await until(
    'the server counts no session',
    async () => (await sessions.count().catch(() => undefined)) === 0,
  )
  await until('the process warns', () => warnings.length > 0)
  process.off('warning', onWarning)
  expect(warnings.map(({ message }) => message)).toEqual([
    'Sessions "shop": the server has old data: from a snapshot or a backup. Everybody is logged out.',
  ])
})

test('a session of a snapshot is not written again, by whatever library keeps its id', async () => {
  const { server, session } = await startWithSnapshot()
  await server.revive()
  const others = openSessions(server)
  await others.create({ a: 2 }, { id: session.id })
  expect(await isLoggedIn(others, session.id)).toBe(false)
})

test('an append-only file that is enabled after a snapshot was loaded does not hide the snapshot', async () => {
  const { server, session } = await startWithSnapshot()
  await server.revive()
  await server.command('CONFIG', 'SET', 'appendonly', 'yes')
  expect(await isLoggedIn(openSessions(server), session.id)).toBe(false)
})

test('the first call after a restart looks at all sessions, before the server hides the snapshot', async () => {
  const { server, sessions } = await startWithSnapshot()
  const [first] = await Promise.all(Array.from({ length: 20 }, () => sessions.create({})))
  await server.command('SAVE')
  const epochs = await listEpochs(server)
  expect(epochs.length).toBeGreaterThan(5)
  await server.revive()
  await isLoggedIn(sessions, first?.id ?? '')
  await until('every epoch is another one', async () => {
    const texts = await Promise.all(epochs.map((key) => server.command('GET', key)))
    return texts.every((text) => text.endsWith(' 1'))
  })
})

test('a replica that has everything and takes over keeps sessions and ends, though it was started just before', async () => {
  const primary = await startServer({ args: ['--repl-diskless-sync-delay', '0'] })
  const sessions = openSessions(primary)
  const [kept, ended] = [await sessions.create({ a: 1 }), await sessions.create({})]
  const replica = await startServer({ args: ['--replicaof', primary.host, String(primary.port)] })
  await until('the replica follows', async () =>
    (await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  )
  await sessions.revoke(ended.id)
  await until(
    'the replica has everything',
    async () => (await offsetOf(replica)) === (await offsetOf(primary)),
  )
  await primary.kill()
  await replica.command('REPLICAOF', 'NO', 'ONE')
  const others = openSessions(replica)
  expect(await isLoggedIn(others, kept.id)).toBe(true)
  expect(await isLoggedIn(others, ended.id)).toBe(false)
})

test('a running server that changes its replication id keeps its sessions', async () => {
  const server = await startServer({ args: ['--enable-debug-command', 'yes'] })
  const sessions = openSessions(server)
  const { id } = await sessions.create({})
  await server.command('DEBUG', 'CHANGE-REPL-ID')
  expect(await isLoggedIn(sessions, id)).toBe(true)
})

test('data that lacks what a process has seen logs everybody out, however it came back', async () => {
  const server = await startServer()
  const sessions = openSessions(server)
  const { id } = await sessions.create({})
  const [epoch = ''] = await listEpochs(server)
  const text = await server.command('GET', epoch)
  const setBeat = (beat: number) => server.command('SET', epoch, text.replace(/\d+ 0$/, `${beat} 0`))
  const beat = Number(text.split(' ')[3])
  await setBeat(beat - 9_000)
  expect(await isLoggedIn(sessions, id)).toBe(true)
  await setBeat(beat - 60_000)
  expect(await isLoggedIn(sessions, id)).toBe(false)
  const again = await sessions.create({})
  expect(await isLoggedIn(sessions, again.id)).toBe(true)
})

test('sessions whose epoch was evicted have ended', async () => {
  const server = await startServer()
  const sessions = openSessions(server)
  const { id } = await sessions.create({})
  for (const epoch of await listEpochs(server)) await server.command('DEL', epoch)
  expect(await isLoggedIn(sessions, id)).toBe(false)
})

test('from a snapshot, no session of connect-redis is taken over a second time', async () => {
  const server = await startServer()
  await server.command('SET', 'sess:taken-over', JSON.stringify({ user: 'ann' }))
  const migrateFrom = { prefix: 'sess:' }
  await isLoggedIn(openSessions(server), 'taken-over')
  await server.command('SAVE')
  const sessions = openSessions(server, { migrateFrom })
  expect(await isLoggedIn(sessions, 'taken-over')).toBe(true)
  await sessions.revoke('taken-over')
  await server.revive()
  expect(await isLoggedIn(openSessions(server, { migrateFrom }), 'taken-over')).toBe(false)
})
