import { type RedisServer, until } from '@larder/servers'
import { restartAsReplica, resumeReplication, stopReplication } from './replicas'
import type { Fault } from './topology'

/** Servers one of which is the primary: of everything, or of the log. */
export interface Replication {
  findPrimary(): Promise<RedisServer>
  findReplicas(primary: RedisServer): Promise<readonly RedisServer[]>
}

/** Resolves once another server is the primary. */
export function untilSucceeded({ findPrimary }: Replication, former: RedisServer | undefined): Promise<void> {
  return until('another server is the primary', async () => (await findPrimary()).port !== former?.port)
}

export function killPrimary(name: string, replication: Replication): Fault {
  let former: RedisServer | undefined
  return {
    name,
    async inject() {
      former = await replication.findPrimary()
      await former.kill()
    },
    async heal() {
      await untilSucceeded(replication, former)
      await restartAsReplica(former)
    },
  }
}

/** The replicas fall behind; then the primary dies, and with it what they lack. */
export function promoteLaggingReplica(name: string, replication: Replication): Fault {
  let primary: RedisServer | undefined
  let replicas: readonly RedisServer[] = []
  return {
    name,
    async inject() {
      primary = await replication.findPrimary()
      replicas = await replication.findReplicas(primary)
      await stopReplication(primary, replicas)
    },
    async heal() {
      await primary?.kill()
      await untilSucceeded(replication, primary)
      await resumeReplication(replicas)
      await restartAsReplica(primary)
    },
  }
}
