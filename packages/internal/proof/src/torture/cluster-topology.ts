import { type RedisCluster, type RedisServer, startCluster } from '@larder/servers'
import { killPrimary, promoteLaggingReplica, type Replication } from './primary-faults'
import type { Fault, Topology } from './topology'

const logKey = 'larder:{torture}:head'

/** Three primaries with a replica each; the faults meet the primary that keeps the log. */
export async function startClusterTopology(): Promise<Topology> {
  const servers = await startCluster()
  const replication: Replication = {
    findPrimary: () => servers.primaryOf(logKey),
    findReplicas: (primary) => findReplicas(servers, primary),
  }
  return {
    address: { kind: 'cluster', nodes: servers.nodes.map(({ host, port }) => ({ host, port })) },
    faults: [
      killPrimary('primary of the log killed', replication),
      stopPrimary(replication),
      promoteLaggingReplica('lagging replica of the log promoted', replication),
      {
        name: 'flushed',
        inject: () =>
          Promise.all(servers.nodes.map((node) => node.command('FLUSHALL').catch(() => undefined))),
        heal: () => undefined,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}

function stopPrimary({ findPrimary }: Replication): Fault {
  let stopped: RedisServer | undefined
  return {
    name: 'primary of the log stopped',
    async inject() {
      stopped = await findPrimary()
      stopped.stop()
    },
    heal: () => stopped?.resume(),
  }
}

async function findReplicas({ nodes }: RedisCluster, { port }: RedisServer): Promise<readonly RedisServer[]> {
  const follows = await Promise.all(
    nodes.map(async (node) => (await node.command('INFO', 'replication')).includes(`master_port:${port}\r`)),
  )
  return nodes.filter((_, index) => follows[index])
}
