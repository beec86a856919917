// needs: redis
// tier: slow
import { type RedisSentinels, type RedisServer, startSentinels, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { createSessions, type Sessions } from '../src/index'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startTopology(): Promise<RedisSentinels> {
  const topology = await startSentinels()
  cleanups.push(topology.close)
  return topology
}

function openSessions({ sentinels, name }: RedisSentinels): Sessions {
  const client = new Redis({ sentinels: [...sentinels], name })
  client.on('error', () => undefined)
  const sessions = createSessions({
    name: 'shop',
    client,
    storeTimeout: '2s',
    circuitPause: 50,
    onError: () => undefined,
  })
  cleanups.push(() => client.disconnect(), sessions.close)
  return sessions
}

async function offsetOf(server: RedisServer): Promise<string | undefined> {
  return /master_repl_offset:(\d+)/.exec(await server.command('INFO', 'replication'))?.[1]
}

/** A session that lives and one that has ended, both on all servers. */
async function createBoth(topology: RedisSentinels, sessions: Sessions) {
  const [kept, ended] = [await sessions.create({ a: 1 }, { user: 'ann' }), await sessions.create({})]
  await ended.revoke()
  const offsets = () => Promise.all(topology.servers.map(offsetOf))
  await until('the replica has everything', async () => new Set(await offsets()).size === 1)
  return { kept, ended }
}

/** Resolves to whether each session is there, once the next primary replies. */
async function readBoth(sessions: Sessions, ids: readonly string[]): Promise<boolean[]> {
  let found: boolean[] = []
  await until('the next primary replies', async () => {
    found = (await Promise.all(ids.map((id) => sessions.read(id)))).map((session) => session !== undefined)
    return true
  })
  return found
}

test('after a failover by Sentinels, sessions live on and ends hold, in every process', async () => {
  const topology = await startTopology()
  const [sessions, others] = [openSessions(topology), openSessions(topology)]
  const { kept, ended } = await createBoth(topology, sessions)
  await topology.failover()
  for (const process of [sessions, others])
    expect(await readBoth(process, [kept.id, ended.id])).toEqual([true, false])
  kept.data.a = 2
  expect(await kept.save()).toBe('saved')
})

test.each(['killed', 'frozen'])(
  'a primary that is %s is replaced, and nobody is logged out or in',
  async (fault) => {
    const topology = await startTopology()
    const sessions = openSessions(topology)
    const { kept, ended } = await createBoth(topology, sessions)
    const primary = await topology.primary()
    if (fault === 'killed') await primary.kill()
    else primary.stop()
    await until('another primary is chosen', async () => (await topology.primary()).port !== primary.port)
    expect(await readBoth(sessions, [kept.id, ended.id])).toEqual([true, false])
    expect(await sessions.revokeAll('ann')).toBe(1)
    expect(await readBoth(sessions, [kept.id])).toEqual([false])
  },
)
