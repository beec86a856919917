import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisServer, startSentinels } from '@larder/servers'
import { killPrimary, promoteLaggingReplica, type Replication, untilSucceeded } from './primary-faults'
import { untilReplica } from './replicas'
import type { Fault, Topology } from './topology'

/** A primary that notices that it has no replica any more refuses writes, so that two primaries never accept them for long. */
const args = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '2']

/** A primary with two replicas, watched by three Sentinels. */
export async function startSentinelTopology(): Promise<Topology> {
  const servers = await startSentinels({ replicas: 2, args })
  const replication: Replication = {
    findPrimary: () => servers.primary(),
    findReplicas: async (primary) => servers.servers.filter((server) => server !== primary),
  }
  return {
    address: { kind: 'sentinel', name: servers.name, sentinels: servers.sentinels },
    faults: [
      killPrimary('primary killed', replication),
      stopPrimary(replication),
      promoteLaggingReplica('lagging replica promoted', replication),
      { name: 'failover', inject: () => servers.failover(), heal: () => undefined },
      {
        name: 'flushed',
        inject: async () => (await servers.primary()).command('FLUSHALL'),
        heal: () => undefined,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}

/** The primary stops for longer than the failover takes, and then goes on. */
function stopPrimary(replication: Replication): Fault {
  let former: RedisServer | undefined
  return {
    name: 'primary stopped',
    async inject() {
      former = await replication.findPrimary()
      former.stop()
    },
    async heal() {
      await untilSucceeded(replication, former)
      await sleep(500)
      former?.resume()
      await untilReplica(former)
    },
  }
}
