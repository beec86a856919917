import { type RedisServer, until } from '@larder/servers'

/** Restarts a former primary; resolves once it replicates its successor. */
export async function restartAsReplica(former: RedisServer | undefined): Promise<void> {
  await former?.restart()
  await untilReplica(former)
}

/** Resolves once the server replicates another one. */
export function untilReplica(server: RedisServer | undefined): Promise<void> {
  return until('the former primary is a replica', async () => {
    const replication = await server?.command('INFO', 'replication')
    return replication?.includes('master_link_status:up') ?? false
  })
}

/** Stops the replication of a primary, so that its replicas fall behind and keep trying to connect. */
export async function stopReplication(primary: RedisServer, replicas: readonly RedisServer[]): Promise<void> {
  // A primary without a password rejects every password.
  for (const replica of replicas) await replica.command('CONFIG', 'SET', 'masterauth', 'wrong')
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica')
}

/** Lets the replicas connect again. */
export async function resumeReplication(replicas: readonly RedisServer[]): Promise<void> {
  for (const replica of replicas) await replica.command('CONFIG', 'SET', 'masterauth', '')
}
