// needs: redis
// tier: long
import { startCluster, startSentinels, until } from '@larder/servers'
import { createCluster, createSentinel } from 'redis'
import { expect, test } from 'vitest'
import { createSessions, type Sessions, type SessionsOptions } from '../src/index'

function openSessions(client: NonNullable<SessionsOptions['client']>): Sessions {
  return createSessions({
    name: 'shop',
    client,
    storeTimeout: '2s',
    circuitPause: 50,
    onError: () => undefined,
  })
}

/** Resolves to whether each session is there, once the server of each replies. */
async function readAll(sessions: Sessions, ids: readonly string[]): Promise<boolean[]> {
  let found: boolean[] = []
  await until(
    'the servers reply',
    async () => {
      found = (await Promise.all(ids.map((id) => sessions.read(id)))).map((session) => session !== undefined)
      return true
    },
    60_000,
  )
  return found
}

/** Sessions of a user, of which every other one has ended. */
async function createSome(sessions: Sessions): Promise<{ ids: string[]; areLive: boolean[] }> {
  const created = []
  for (let login = 0; login < 20; login += 1) created.push(await sessions.create({}, { user: 'ann' }))
  await Promise.all(created.filter((_, index) => index % 2 === 0).map((session) => session.revoke()))
  return { ids: created.map(({ id }) => id), areLive: created.map((_, index) => index % 2 === 1) }
}

test('with createSentinel of node-redis, nobody is logged out or in by a failover', async () => {
  await using topology = await startSentinels()
  await using sessions = openSessions(
    createSentinel({ name: topology.name, sentinelRootNodes: [...topology.sentinels] }),
  )
  const { ids, areLive } = await createSome(sessions)
  await topology.failover()
  expect(await readAll(sessions, ids)).toEqual(areLive)
  expect(await sessions.revokeAll('ann')).toBe(10)
})

test('with createCluster of node-redis, nobody is logged in when a node is killed', async () => {
  await using cluster = await startCluster()
  await using sessions = openSessions(createCluster({ rootNodes: cluster.nodes.map(({ url }) => ({ url })) }))
  const { ids, areLive } = await createSome(sessions)
  expect(await readAll(sessions, ids)).toEqual(areLive)
  await (await cluster.primaryOf(0)).kill()
  const found = await readAll(sessions, ids)
  expect(found.filter((isLive, index) => isLive && !areLive[index])).toEqual([])
  expect(await sessions.revokeAll('ann')).toBeLessThanOrEqual(10)
  expect(await readAll(sessions, ids)).toEqual(ids.map(() => false))
})
