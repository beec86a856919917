import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisSentinels, type RedisServer, startSentinels, until } from '@larder/servers'
import { restartAsReplica, resumeReplication, stopReplication, untilReplica } from './replicas'
import type { Fault, Topology } from './topology'

/** A primary that notices that it has no replica any more refuses writes, so that two primaries never accept them for long. */
const args = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '2']

/** A primary with two replicas, watched by three Sentinels. */
export async function startSentinelTopology(): Promise<Topology> {
  const servers = await startSentinels({ replicas: 2, args })
  return {
    address: { kind: 'sentinel', name: servers.name, sentinels: servers.sentinels },
    faults: [
      killPrimary(servers),
      stopPrimary(servers),
      promoteLaggingReplica(servers),
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

function killPrimary(servers: RedisSentinels): Fault {
  let former: RedisServer | undefined
  return {
    name: 'primary killed',
    async inject() {
      former = await servers.primary()
      await former.kill()
    },
    async heal() {
      await untilSucceeded(servers, former)
      await restartAsReplica(former)
    },
  }
}

/** The primary stops for longer than the failover takes, and then goes on. */
function stopPrimary(servers: RedisSentinels): Fault {
  let former: RedisServer | undefined
  return {
    name: 'primary stopped',
    async inject() {
      former = await servers.primary()
      former.stop()
    },
    async heal() {
      await untilSucceeded(servers, former)
      await sleep(500)
      former?.resume()
      await untilReplica(former)
    },
  }
}

/** The replicas fall behind; then the primary dies, and with it what they lack. */
function promoteLaggingReplica(servers: RedisSentinels): Fault {
  let primary: RedisServer | undefined
  const replicas = () => servers.servers.filter((server) => server !== primary)
  return {
    name: 'lagging replica promoted',
    async inject() {
      primary = await servers.primary()
      await stopReplication(primary, replicas())
    },
    async heal() {
      await primary?.kill()
      await untilSucceeded(servers, primary)
      await resumeReplication(replicas())
      await restartAsReplica(primary)
    },
  }
}

function untilSucceeded(servers: RedisSentinels, former: RedisServer | undefined): Promise<void> {
  return until('another server is the primary', async () => (await servers.primary()).port !== former?.port)
}
