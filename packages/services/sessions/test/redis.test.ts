// needs: redis
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { countCommands, type RedisServer, startCluster, startRedis, until } from '@larder/servers'
import { virtualClock } from '@larder/testing'
import { Cluster, Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis-5'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSessions, type Sessions, type SessionsOptions } from '../src/index'

let server: RedisServer
const cleanups: (() => unknown)[] = []

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.command('FLUSHALL')
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function openSessions(options: Partial<SessionsOptions> = {}): Sessions {
  const reach = options.client === undefined ? { url: server.url } : {}
  const sessions = createSessions({
    name: 'shop',
    // A busy machine must not look like an outage.
    storeTimeout: '20s',
    onError: () => undefined,
    ...reach,
    ...options,
  })
  cleanups.push(sessions.close)
  return sessions
}

async function listKeys(): Promise<string[]> {
  return (await server.command('KEYS', '*')).split('\n').filter((key) => key !== '')
}

/** The keys of sessions and tombstones, which end in a handle. */
async function listSessionKeys(): Promise<string[]> {
  return (await listKeys()).filter((key) => /:[\w-]{22}$/.test(key))
}

test.each([
  ['its own connection', () => undefined],
  ['ioredis 5', () => new Redis5(server.port)],
  ['ioredis 6', () => new Redis(server.port)],
  ['node-redis 5', () => createClient5({ url: server.url })],
  ['node-redis 6', () => createClient({ url: server.url })],
])('with %s, sessions work (tj/connect-redis#433)', async (_, connect) => {
  const client = connect()
  if (client !== undefined && 'disconnect' in client)
    cleanups.push(() => 'status' in client && client.disconnect())
  const sessions = openSessions(client === undefined ? {} : { client })
  const session = await sessions.create({ a: 1 })
  await session.renew('ann')
  session.data.b = 'ä €'
  await session.save()
  expect(await sessions.read(session.id)).toMatchObject({ user: 'ann', data: { a: 1, b: 'ä €' } })
  expect(await sessions.revokeAll('ann')).toBe(1)
  expect(await sessions.read(session.id)).toBeUndefined()
})

/** Sessions whose commands are counted, without those that scripts call. */
function openCounted() {
  const client = new Redis(server.port)
  cleanups.push(() => client.disconnect())
  const send = client.sendCommand.bind(client)
  let sent = 0
  client.sendCommand = (...args) => {
    sent += 1
    return send(...args)
  }
  // Time stands still: no end is repeated meanwhile.
  const sessions = openSessions({ client, clock: virtualClock() })
  async function countSent(work: () => Promise<unknown>): Promise<number> {
    const before = sent
    await work()
    return sent - before
  }
  return { sessions, countSent }
}

test('each operation costs as many commands as the guide says', async () => {
  const { sessions, countSent } = openCounted()
  const warmUp = await sessions.create({}, { user: 'ann' })
  warmUp.data.a = 1
  await warmUp.save()
  await warmUp.renew()
  await sessions.read(warmUp.id)
  await sessions.listByUser('ann')
  await sessions.revokeAll('ann')
  await sessions.count()
  const anonymous = await sessions.create({})
  const costs = {
    create: await countSent(() => sessions.create({ a: 1 })),
    'create of a user': await countSent(() => sessions.create({ a: 1 }, { user: 'ann' })),
    read: await countSent(() => sessions.read(anonymous.id)),
    'save without a change': await countSent(() => anonymous.save()),
    save: await countSent(() => {
      anonymous.data.a = 1
      return anonymous.save()
    }),
    login: await countSent(() => anonymous.renew('ann')),
    renew: await countSent(() => anonymous.renew()),
    revoke: await countSent(() => anonymous.revoke()),
    'revokeAll of one': await countSent(() => sessions.revokeAll('ann')),
    'an id of nobody': await countSent(() => sessions.read('')),
    // The first one enlists the sessions that were created a moment ago.
    count: await sessions.count().then(() => countSent(() => sessions.count())),
  }
  expect(costs).toEqual({
    create: 1,
    'create of a user': 2,
    read: 1,
    'save without a change': 0,
    save: 1,
    login: 3,
    renew: 4,
    revoke: 2,
    'revokeAll of one': 3,
    'an id of nobody': 0,
    count: 64,
  })
  expect(await countSent(() => sessions.read(warmUp.id))).toBe(0)
})

test('a read is one command without a script, and so is a creation', async () => {
  const clock = virtualClock()
  const sessions = openSessions({ clock })
  const { id } = await sessions.create({ a: 1 })
  // Each bucket is looked at.
  await sessions.count()
  expect(await countCommands(server, () => sessions.create({ a: 1 }))).toEqual({ set: 1 })
  const read = () => countCommands(server, () => sessions.read(id))
  expect(await read()).toEqual({ mget: 1 })
  await clock.advance(999)
  expect(await read()).toEqual({ mget: 1 })
  await clock.advance(1)
  // Once a second, a script looks at the server.
  expect(await read()).toMatchObject({ evalsha: 1, time: 1, info: 1 })
  expect(await read()).toEqual({ mget: 1 })
})

test('a process asks the server once a second, however many buckets its sessions are in', async () => {
  const clock = virtualClock()
  const sessions = openSessions({ clock })
  // Each bucket begins an epoch.
  await sessions.count()
  await clock.advance(1_000)
  const { info } = await countCommands(server, async () => {
    for (let session = 0; session < 200; session += 1) await sessions.create({})
  })
  expect(info).toBe(1)
})

test('a use is recorded once a minute, in the background and before any later call', async () => {
  const clock = virtualClock()
  const sessions = openSessions({ clock })
  const { id } = await sessions.create({}, { user: 'ann' })
  const findLastUse = async () => (await sessions.listByUser('ann'))[0]?.lastUsedAt.getTime()
  const createdAt = clock.now()
  await clock.advance(59_999)
  await sessions.read(id)
  expect(await findLastUse()).toBe(createdAt)
  await clock.advance(1)
  // The read of a millisecond before has looked at the server: this one takes no script.
  await sessions.read(id)
  expect(await findLastUse()).toBe(clock.now())
})

test('sessions that were created are counted by other processes half a second later, but not those that have ended', async () => {
  const clock = virtualClock()
  const [sessions, others] = [openSessions({ clock }), openSessions({ clock })]
  await sessions.count()
  const created = await Promise.all(Array.from({ length: 100 }, () => sessions.create({})))
  for (const session of created.slice(0, 10)) await others.revoke(session.id)
  await clock.advance(500)
  await until('they are counted', async () => (await others.count()) > 0)
  expect(await others.count()).toBe(90)
  for (const key of await listKeys()) expect(await server.command('PTTL', key)).not.toBe('-1')
})

test('an end by another process is seen by the next read, though a session was read a moment ago', async () => {
  const clock = virtualClock()
  const [sessions, others] = [openSessions({ clock }), openSessions({ clock })]
  const { id } = await sessions.create({}, { user: 'ann' })
  expect(await sessions.read(id)).toBeDefined()
  await others.revokeAll('ann')
  expect(await sessions.read(id)).toBeUndefined()
})

test('neither keys nor commands nor errors contain an id', async () => {
  await server.command('CONFIG', 'SET', 'slowlog-log-slower-than', '0')
  await server.command('CONFIG', 'SET', 'slowlog-max-len', '1000')
  const errors: unknown[] = []
  let monitored = ''
  const monitor = createConnection(server.port)
  cleanups.push(() => monitor.destroy())
  monitor.write('MONITOR\r\n')
  await once(monitor, 'data')
  monitor.on('data', (bytes) => {
    monitored += bytes
  })
  const sessions = openSessions({ onError: (error) => errors.push(error) })
  const session = await sessions.create({ a: 1 }, { user: 'ann' })
  const ids = [session.id]
  session.data.a = 2
  await session.save()
  await session.renew()
  ids.push(session.id)
  await sessions.read(session.id)
  const [key = ''] = await listSessionKeys()
  const log = await server.command('SLOWLOG', 'GET', '1000')
  await server.command('DEL', key)
  await server.command('SET', key, 'a string')
  await session.revoke().catch((error) => errors.push(error))
  await sessions.revoke(session.id).catch((error) => errors.push(error))
  const seen = [...(await listKeys()), log, monitored, ...errors.map(String)].join('\n')
  expect(log).toContain('evalsha')
  expect(monitored).toContain('evalsha')
  for (const id of ids) expect(seen).not.toContain(id)
  await server.command('CONFIG', 'SET', 'slowlog-log-slower-than', '10000')
})

test('every key expires', async () => {
  const sessions = openSessions({ idle: '1s', absolute: '1d' })
  const session = await sessions.create({}, { user: 'ann' })
  await session.renew()
  const ttls = await Promise.all((await listKeys()).map((key) => server.command('PTTL', key)))
  expect(ttls.length).toBeGreaterThan(3)
  for (const ttl of ttls) {
    // -1 is a key without end; -2 is one that has expired since it was listed.
    expect(ttl).not.toBe('-1')
    expect(Number(ttl)).toBeLessThanOrEqual(86_400_000)
  }
  await until('the session is gone', async () => (await listSessionKeys()).length === 1)
  expect(await sessions.listByUser('ann')).toEqual([])
})

test('10 000 sessions of 400 bytes take less than 1 000 bytes each, and nothing is left when they have ended', async () => {
  const sessions = openSessions({ idle: '10s' })
  const readMemory = async () =>
    Number(/used_memory_dataset:(\d+)/.exec(await server.command('INFO', 'memory'))?.[1])
  await sessions.create({})
  const before = await readMemory()
  for (let at = 0; at < 10_000; at += 100)
    await Promise.all(Array.from({ length: 100 }, () => sessions.create({ cart: 'x'.repeat(390) })))
  expect((await readMemory()) - before).toBeLessThan(10_000_000)
  expect(await sessions.count()).toBe(10_001)
  await until('all sessions have ended', async () => (await listSessionKeys()).length === 0)
  expect(await sessions.count()).toBe(0)
})

test('a user with the rights in the README can do everything', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [rights = ''] = /(?<=ACL SETUSER )sessions on [^`]+/.exec(readme) ?? []
  await server.command('ACL', 'SETUSER', ...rights.trim().split(/\s+/))
  const errors: unknown[] = []
  const url = server.url.replace('//', '//sessions:password@')
  const sessions = openSessions({ url, onError: (error) => errors.push(error) })
  const session = await sessions.create({ a: 1 })
  await session.renew('ann')
  session.data.a = 2
  await session.save()
  await sessions.create({ a: 3 }, { id: session.id })
  await sessions.read(session.id)
  expect([await sessions.count(), (await sessions.listByUser('ann')).length]).toEqual([1, 1])
  expect([await session.revoke(), await sessions.revokeAll('ann')]).toEqual([true, 0])
  expect(errors).toEqual([])
})

test('sessions of another name are others, whatever the names contain', async () => {
  const [shop, office] = [openSessions(), openSessions({ name: 'shop:{x}' })]
  const { id } = await shop.create({}, { user: 'ann' })
  expect(await office.read(id)).toBeUndefined()
  expect(await office.revokeAll('ann')).toBe(0)
  expect(await shop.read(id)).toBeDefined()
})

test('the call after SCRIPT FLUSH works', async () => {
  const sessions = openSessions()
  const { id } = await sessions.create({ a: 1 })
  await server.command('SCRIPT', 'FLUSH')
  expect((await sessions.read(id))?.data).toEqual({ a: 1 })
})

test('on a Cluster, sessions of a user end on all nodes, also if nobody waits for it (tj/connect-redis#272)', async () => {
  await using cluster = await startCluster({ replicas: 0 })
  const client = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  cleanups.push(() => client.disconnect())
  const sessions = openSessions({ client })
  const created = []
  for (let login = 0; login < 20; login += 1) created.push(await sessions.create({}, { user: 'ann' }))
  expect(await sessions.listByUser('ann')).toHaveLength(20)
  const [first] = created
  void first?.revoke()
  await until('it has ended', async () => (await sessions.listByUser('ann')).length === 19)
  expect(await sessions.revokeAll('ann')).toBe(19)
  const found = await Promise.all(created.map(({ id }) => sessions.read(id)))
  expect(found.filter((session) => session !== undefined)).toEqual([])
})

test('an end that a failover has lost holds in this process, and soon in all others', async () => {
  const clock = virtualClock()
  const [sessions, others] = [openSessions({ clock }), openSessions({ clock })]
  const session = await sessions.create({}, { user: 'ann' })
  const [key = ''] = await listSessionKeys()
  await server.command('COPY', key, 'replica')
  await session.revoke()
  await server.command('RENAME', 'replica', key)
  expect(await others.read(session.id)).toBeDefined()
  expect(await sessions.read(session.id)).toBeUndefined()
  await clock.advance(2_000)
  await until('the end is repeated', async () => (await others.read(session.id)) === undefined)
})

test('a login that stood still until its tombstone could have expired gets no session', async () => {
  const clock = virtualClock()
  const client = new Redis(server.port)
  cleanups.push(() => client.disconnect())
  const send = client.callBuffer.bind(client)
  let isEnrolled = false
  client.callBuffer = (async (command: string, ...args: (string | number)[]) => {
    const reply = await send(command, ...args)
    if (command !== 'eval' || isEnrolled) return reply
    isEnrolled = true
    await clock.advance(601_000)
    return reply
  }) as typeof send
  await server.command('SCRIPT', 'FLUSH')
  const session = await openSessions({ client, clock, storeTimeout: '1d' }).create({}, { user: 'ann' })
  expect(isEnrolled).toBe(true)
  expect(await openSessions({ clock }).read(session.id)).toBeUndefined()
})

test('after a flush everybody is logged out, and can log in again', async () => {
  const sessions = openSessions()
  const held = await sessions.create({ a: 1 }, { user: 'ann' })
  await server.command('FLUSHALL')
  held.data.a = 2
  expect([await held.save(), await held.renew(), await sessions.read(held.id)]).toEqual([
    'ended',
    'ended',
    undefined,
  ])
  expect(await sessions.listByUser('ann')).toEqual([])
  const again = await sessions.create({}, { user: 'ann' })
  expect(await sessions.read(again.id)).toBeDefined()
})

test('with an append-only file, a server that was killed has its sessions and its ends', async () => {
  await using durable = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
  const sessions = openSessions({ url: durable.url, circuitPause: 50 })
  const [kept, ended] = await Promise.all([sessions.create({ a: 1 }), sessions.create({})])
  await sessions.revoke(ended.id)
  await durable.revive()
  const others = openSessions({ url: durable.url })
  expect((await others.read(kept.id))?.data).toEqual({ a: 1 })
  expect(await others.read(ended.id)).toBeUndefined()
})

test('with a full memory, sessions are read and ended, and a login is refused', async () => {
  const sessions = openSessions()
  const { id } = await sessions.create({ a: 1 })
  await server.command('CONFIG', 'SET', 'maxmemory', '1')
  try {
    expect(await sessions.read(id)).toBeDefined()
    await expect(sessions.create({})).rejects.toMatchObject({ code: 'STORE_FAILED' })
    expect(await sessions.revoke(id)).toBe(true)
    expect(await sessions.read(id)).toBeUndefined()
  } finally {
    await server.command('CONFIG', 'SET', 'maxmemory', '0')
  }
})

describe('while Redis is frozen', () => {
  async function freeze(options: Partial<SessionsOptions> = {}) {
    const frozen = await startRedis()
    cleanups.push(frozen.close)
    const sessions = openSessions({ url: frozen.url, storeTimeout: 100, circuitPause: 100, ...options })
    const session = await connectFirst(sessions)
    frozen.stop()
    return { frozen, sessions, session }
  }

  /** The first call connects, which may take longer than the timeout on a busy machine. */
  async function connectFirst(sessions: Sessions) {
    for (;;) {
      const session = await sessions.create({ a: 1 }, { user: 'ann' }).catch(() => undefined)
      if (session !== undefined) return session
    }
  }

  test('reads are denied within the deadline, and go on afterwards', async () => {
    const { frozen, sessions, session } = await freeze()
    const { unavailable } = sessions.stats()
    for (let call = 0; call < 8; call += 1)
      await expect(sessions.read(session.id)).rejects.toMatchObject({
        code: expect.stringMatching(/^STORE_/),
      })
    expect(sessions.stats()).toMatchObject({ unavailable: unavailable + 8, circuit: 'open' })
    frozen.resume()
    await until('sessions are read again', async () => {
      const found = await sessions.read(session.id).catch(() => undefined)
      return found?.user === 'ann'
    })
  })

  test('with ifUnavailable: anonymous, everybody is logged out meanwhile, and no login succeeds', async () => {
    const { frozen, sessions, session } = await freeze({ ifUnavailable: 'anonymous' })
    expect(await sessions.read(session.id)).toBeUndefined()
    await expect(sessions.create({}, { user: 'ann' })).rejects.toMatchObject({ code: 'STORE_TIMEOUT' })
    frozen.resume()
    await until('the session is back', async () => (await sessions.read(session.id)) !== undefined)
  })

  test('a logout says that it failed, holds in this process, and reaches Redis later', async () => {
    const { frozen, sessions, session } = await freeze()
    await expect(sessions.revoke(session.id)).rejects.toMatchObject({
      code: expect.stringMatching(/^STORE_/),
    })
    expect(await sessions.read(session.id)).toBeUndefined()
    frozen.resume()
    const others = openSessions({ url: frozen.url })
    await until('it is ended everywhere', async () => (await others.read(session.id)) === undefined)
  })
})

test('a killed server denies reads at once', async () => {
  const killed = await startRedis()
  const sessions = openSessions({ url: killed.url })
  const { id } = await sessions.create({})
  await killed.close()
  await expect(sessions.read(id)).rejects.toMatchObject({ code: 'STORE_FAILED' })
})

test('without onError, an outage is one warning of the process', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  await using sessions = createSessions({ name: 'lonely', url: 'redis://127.0.0.1:1' })
  for (let call = 0; call < 8; call += 1)
    await expect(sessions.read('x')).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('Sessions "lonely": ')])
})
