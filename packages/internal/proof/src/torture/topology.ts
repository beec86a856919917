import {
  type RedisServer,
  startCluster,
  startProxy,
  startRedis,
  startSentinels,
  until,
} from '@larder/servers'

/** The address of Redis, as a client needs it. */
export type Address =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Host[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly Host[] }

interface Host {
  readonly host: string
  readonly port: number
}

/** A fault of the servers. */
interface ServerFault {
  readonly name: string
  inject(): unknown
  /** Heals the fault; resolves when all servers work again. */
  heal(): unknown
}

/** Running servers, and the faults that can be injected into them. */
export interface Topology extends AsyncDisposable {
  readonly address: Address
  readonly faults: readonly ServerFault[]
}

export const topologies = {
  single: startSingle,
  sentinel: startSentinelTopology,
  cluster: startClusterTopology,
}
export type TopologyName = keyof typeof topologies
export const topologyNames = Object.keys(topologies) as readonly TopologyName[]

const doNothing = () => undefined

async function startSingle(): Promise<Topology> {
  const server = await startRedis()
  const proxy = await startProxy(server)
  const fillMemory = async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    await server.command('CONFIG', 'SET', 'maxmemory', '1200000')
  }
  return {
    address: { kind: 'single', url: proxy.url },
    faults: [
      { name: 'killed, and back empty', inject: server.kill, heal: server.restart },
      { name: 'restarted with its data', inject: doNothing, heal: server.restartWithData },
      { name: 'stopped', inject: server.stop, heal: server.resume },
      { name: 'cut off', inject: () => proxy.cut(), heal: () => proxy.pass() },
      { name: 'answers lost', inject: () => proxy.cut('answers'), heal: () => proxy.pass() },
      { name: 'slow', inject: () => proxy.delay(150), heal: () => proxy.pass() },
      { name: 'connections reset', inject: () => proxy.reset(), heal: doNothing },
      { name: 'flushed', inject: () => server.command('FLUSHALL'), heal: doNothing },
      { name: 'evicting', inject: fillMemory, heal: () => server.command('CONFIG', 'SET', 'maxmemory', '0') },
    ],
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server.close()
    },
  }
}

async function startSentinelTopology(): Promise<Topology> {
  const servers = await startSentinels({ replicas: 2 })
  let killed: Awaited<ReturnType<typeof servers.primary>> | undefined
  return {
    address: { kind: 'sentinel', name: servers.name, sentinels: servers.sentinels },
    faults: [
      {
        name: 'primary killed',
        async inject() {
          killed = await servers.primary()
          await killed.kill()
        },
        async heal() {
          const former = killed
          await until(
            'another server is the primary',
            async () => (await servers.primary()).port !== former?.port,
          )
          await restartAsReplica(former)
        },
      },
      { name: 'failover', inject: () => servers.failover(), heal: doNothing },
      {
        name: 'flushed',
        inject: async () => (await servers.primary()).command('FLUSHALL'),
        heal: doNothing,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}

async function startClusterTopology(): Promise<Topology> {
  const servers = await startCluster()
  const logKey = 'larder:{torture}:head'
  let killed: Awaited<ReturnType<typeof servers.primaryOf>> | undefined
  return {
    address: { kind: 'cluster', nodes: servers.nodes.map(({ host, port }) => ({ host, port })) },
    faults: [
      {
        name: 'primary of the log killed',
        async inject() {
          killed = await servers.primaryOf(logKey)
          await killed.kill()
        },
        async heal() {
          const former = killed
          await until(
            'a replica has taken over',
            async () => (await servers.primaryOf(logKey)).port !== former?.port,
          )
          await restartAsReplica(former)
        },
      },
      {
        name: 'primary of the log stopped',
        async inject() {
          killed = await servers.primaryOf(logKey)
          killed.stop()
        },
        heal: () => killed?.resume(),
      },
      {
        name: 'flushed',
        inject: () => Promise.all(servers.nodes.map((node) => node.command('FLUSHALL').catch(doNothing))),
        heal: doNothing,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}

/** Restarts a former primary; resolves once it replicates its successor. */
async function restartAsReplica(former: RedisServer | undefined): Promise<void> {
  await former?.restart()
  await until(
    'the former primary is a replica',
    async () => (await former?.command('INFO', 'replication'))?.includes('master_link_status:up') ?? false,
  )
}
