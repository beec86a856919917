import { startCluster, startProxy, startRedis, startSentinels, until } from '@larder/servers'

/** Where the processes find Redis: what their client is made of. */
export type Address =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Host[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly Host[] }

export interface Host {
  readonly host: string
  readonly port: number
}

/** Something that goes wrong with the servers. */
export interface ServerFault {
  readonly name: string
  strike(): unknown
  /** Makes it good again; resolves when the servers are whole. */
  mend(): unknown
}

/** Servers, and what can happen to them. */
export interface Topology extends AsyncDisposable {
  readonly address: Address
  readonly faults: readonly ServerFault[]
}

export const topologies = { single, sentinel, cluster }
export type TopologyName = keyof typeof topologies
export const topologyNames = Object.keys(topologies) as readonly TopologyName[]

const nothing = () => undefined

async function single(): Promise<Topology> {
  const server = await startRedis()
  const proxy = await startProxy(server)
  const fill = async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    await server.command('CONFIG', 'SET', 'maxmemory', '1200000')
  }
  return {
    address: { kind: 'single', url: proxy.url },
    faults: [
      { name: 'killed, and back empty', strike: server.kill, mend: server.restart },
      { name: 'restarted with its data', strike: nothing, mend: server.restartWithData },
      { name: 'stopped', strike: server.stop, mend: server.resume },
      { name: 'cut off', strike: () => proxy.cut(), mend: () => proxy.pass() },
      { name: 'answers lost', strike: () => proxy.cut('answers'), mend: () => proxy.pass() },
      { name: 'slow', strike: () => proxy.delay(150), mend: () => proxy.pass() },
      { name: 'connections reset', strike: () => proxy.reset(), mend: nothing },
      { name: 'flushed', strike: () => server.command('FLUSHALL'), mend: nothing },
      { name: 'evicting', strike: fill, mend: () => server.command('CONFIG', 'SET', 'maxmemory', '0') },
    ],
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server.close()
    },
  }
}

async function sentinel(): Promise<Topology> {
  const servers = await startSentinels({ replicas: 2 })
  let killed: Awaited<ReturnType<typeof servers.primary>> | undefined
  return {
    address: { kind: 'sentinel', name: servers.name, sentinels: servers.sentinels },
    faults: [
      {
        name: 'primary killed',
        async strike() {
          killed = await servers.primary()
          await killed.kill()
        },
        async mend() {
          const gone = killed
          await until('another is the primary', async () => (await servers.primary()).port !== gone?.port)
          await gone?.restart()
          await until(
            'it is a replica',
            async () =>
              (await gone?.command('INFO', 'replication'))?.includes('master_link_status:up') ?? false,
          )
        },
      },
      { name: 'failover', strike: () => servers.failover(), mend: nothing },
      {
        name: 'flushed',
        strike: async () => (await servers.primary()).command('FLUSHALL'),
        mend: nothing,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}

async function cluster(): Promise<Topology> {
  const servers = await startCluster()
  const log = 'larder:{torture}:head'
  let killed: Awaited<ReturnType<typeof servers.primaryOf>> | undefined
  return {
    address: { kind: 'cluster', nodes: servers.nodes.map(({ host, port }) => ({ host, port })) },
    faults: [
      {
        name: 'primary of the log killed',
        async strike() {
          killed = await servers.primaryOf(log)
          await killed.kill()
        },
        async mend() {
          const gone = killed
          await until('its replica took over', async () => (await servers.primaryOf(log)).port !== gone?.port)
          await gone?.restart()
          await until(
            'it is a replica',
            async () =>
              (await gone?.command('INFO', 'replication'))?.includes('master_link_status:up') ?? false,
          )
        },
      },
      {
        name: 'primary of the log stopped',
        async strike() {
          killed = await servers.primaryOf(log)
          killed.stop()
        },
        mend: () => killed?.resume(),
      },
      {
        name: 'flushed',
        strike: () => Promise.all(servers.nodes.map((node) => node.command('FLUSHALL').catch(nothing))),
        mend: nothing,
      },
    ],
    [Symbol.asyncDispose]: () => servers.close(),
  }
}
