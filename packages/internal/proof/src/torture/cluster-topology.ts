import { type RedisCluster, type RedisServer, startCluster, until } from '@larder/servers'
import { restartAsReplica, resumeReplication, stopReplication } from './replicas'
import type { Fault, Topology } from './topology'

const logKey = 'larder:{torture}:head'

/** Three primaries with a replica each; the faults meet the primary that keeps the log. */
export async function startClusterTopology(): Promise<Topology> {
  const servers = await startCluster()
  return {
    address: { kind: 'cluster', nodes: servers.nodes.map(({ host, port }) => ({ host, port })) },
    faults: [
      killPrimary(servers),
      stopPrimary(servers),
      promoteLaggingReplica(servers),
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

function killPrimary(servers: RedisCluster): Fault {
  let former: RedisServer | undefined
  return {
    name: 'primary of the log killed',
    async inject() {
      former = await servers.primaryOf(logKey)
      await former.kill()
    },
    async heal() {
      await untilSucceeded(servers, former)
      await restartAsReplica(former)
    },
  }
}

function stopPrimary(servers: RedisCluster): Fault {
  let stopped: RedisServer | undefined
  return {
    name: 'primary of the log stopped',
    async inject() {
      stopped = await servers.primaryOf(logKey)
      stopped.stop()
    },
    heal: () => stopped?.resume(),
  }
}

/** The replica falls behind; then the primary dies, and with it what the replica lacks. */
function promoteLaggingReplica(servers: RedisCluster): Fault {
  let primary: RedisServer | undefined
  let replicas: readonly RedisServer[] = []
  return {
    name: 'lagging replica of the log promoted',
    async inject() {
      primary = await servers.primaryOf(logKey)
      replicas = await findReplicas(servers, primary)
      await stopReplication(primary, replicas)
    },
    async heal() {
      await primary?.kill()
      await untilSucceeded(servers, primary)
      await resumeReplication(replicas)
      await restartAsReplica(primary)
    },
  }
}

function untilSucceeded(servers: RedisCluster, former: RedisServer | undefined): Promise<void> {
  return until(
    'a replica has taken over',
    async () => (await servers.primaryOf(logKey)).port !== former?.port,
  )
}

async function findReplicas({ nodes }: RedisCluster, { port }: RedisServer): Promise<readonly RedisServer[]> {
  const follows = await Promise.all(
    nodes.map(async (node) => (await node.command('INFO', 'replication')).includes(`master_port:${port}\r`)),
  )
  return nodes.filter((_, index) => follows[index])
}
