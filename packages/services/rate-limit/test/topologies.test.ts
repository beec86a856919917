// needs: redis
// tier: long
import { startCluster, startSentinels, until } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { type Fleet, mostWithinWindow, startFleet } from './support/fleet'

const limit = 10
const window = 1_000
const options = {
  policies: [{ name: 'p', limit, window }],
  ifUnavailable: 'closed',
  storeTimeout: 300,
  circuitPause: 200,
} as const

/** A failover may lose the last counts, and lets each window hold the limit once more. */
async function expectTwiceTheLimitAtMost(fleet: Fleet, failOver: () => Promise<unknown>): Promise<void> {
  await fleet.awaitAdmissions(2 * limit)
  await failOver()
  await fleet.awaitAdmissions(2 * limit)
  expect(mostWithinWindow(fleet.admissions, window)).toBeLessThanOrEqual(2 * limit)
}

describe('eight processes get at most twice the limit in any window', () => {
  test.each(['Sentinel', 'createSentinel'])(
    'when Sentinels replace a primary that was killed, and one that was not, by %s',
    async (connect) => {
      await using topology = await startSentinels()
      const { name, sentinels } = topology
      await using fleet = await startFleet({
        size: 8,
        connect,
        server: { name, sentinels },
        options,
      })
      await expectTwiceTheLimitAtMost(fleet, topology.failover)
      const primary = await topology.primary()
      await expectTwiceTheLimitAtMost(fleet, async () => {
        await primary.kill()
        await until(
          'another server is the primary',
          async () => (await topology.primary()) !== primary,
          60_000,
        )
      })
    },
  )

  test.each(['Cluster', 'createCluster'])('when a node of a %s is killed', async (connect) => {
    await using cluster = await startCluster()
    const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }))
    await using fleet = await startFleet({
      size: 8,
      connect,
      server: { nodes },
      options,
    })
    await expectTwiceTheLimitAtMost(fleet, async () => {
      const key = (await findKey(cluster.nodes)) ?? ''
      const owner = await cluster.primaryOf(key)
      await owner.kill()
      await until(
        'a replica has replaced it',
        async () => (await cluster.primaryOf(key)).port !== owner.port,
        60_000,
      )
    })
  })
})

/** The key of the only count on a Cluster. */
async function findKey(nodes: readonly { command(...words: string[]): Promise<string> }[]) {
  const keys = await Promise.all(nodes.map((node) => node.command('KEYS', 'larder:limit:*')))
  return keys.find((key) => key !== '')
}
