import { writeFileSync } from 'node:fs'
import { until } from '../until'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'
import { startAll } from './start-all'

/** A primary and its replicas, watched by three Sentinels. */
export interface RedisSentinels extends AsyncDisposable {
  /** The name of the primary in the Sentinels' configuration. */
  readonly name: string
  /** The addresses of the Sentinels, as ioredis takes them. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** The first primary and its replicas. */
  readonly servers: readonly RedisServer[]
  /** The current primary according to the first Sentinel. */
  primary(): Promise<RedisServer>
  /** Forces a failover of a healthy primary; resolves to the new one when all Sentinels know it. */
  failover(): Promise<RedisServer>
  close(): Promise<void>
}

/** How many servers the Sentinels watch. */
export interface SentinelOptions {
  /** Replicas of the primary, at least 1. @defaultValue `1` */
  readonly replicas?: number | undefined
  /** Arguments of the primary and of its replicas. @defaultValue `[]` */
  readonly args?: readonly string[] | undefined
}

const name = 'larder'

/** Starts all servers; resolves when each Sentinel knows the replicas and the other Sentinels. */
export async function startSentinels({
  replicas = 1,
  args = [],
}: SentinelOptions = {}): Promise<RedisSentinels> {
  const primary = await startRedis({ args: [...asArguments({ 'repl-diskless-sync-delay': 0 }), ...args] })
  const started = [primary]
  const close = async () => void (await Promise.all(started.map((server) => server.close())))
  try {
    const followers = await startAll(replicas, () => startReplica(primary, args))
    started.push(...followers)
    const watchers = await startAll(3, () => startSentinel(primary))
    started.push(...watchers)
    await until('the Sentinels know each other', () => knowEachOther(watchers, replicas))
    return { ...createTopology([primary, ...followers], watchers), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

function createTopology(servers: readonly RedisServer[], watchers: readonly RedisServer[]) {
  /** The port of the primary according to each Sentinel. */
  function primaryPorts(): Promise<readonly number[]> {
    const primaryPortOf = async (watcher: RedisServer) =>
      Number((await watcher.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)).split('\n')[1])
    return Promise.all(watchers.map(primaryPortOf))
  }
  async function findPrimary(): Promise<RedisServer> {
    const [port] = await primaryPorts()
    const found = servers.find((server) => server.port === port)
    if (found === undefined) throw new Error('The Sentinels know no primary.')
    return found
  }
  async function forceFailover(): Promise<RedisServer> {
    const before = await findPrimary()
    // Sentinels reject it during another failover, and before a replica has reported its offset.
    await until(
      'a failover begins',
      async () => (await watchers[0]?.command('SENTINEL', 'FAILOVER', name)) === 'OK',
    )
    await until('every Sentinel knows the next primary', async () => {
      const ports = new Set(await primaryPorts())
      return ports.size === 1 && !ports.has(before.port)
    })
    return findPrimary()
  }
  const sentinels = watchers.map(({ host, port }) => ({ host, port }))
  return { name, sentinels, servers, primary: findPrimary, failover: forceFailover }
}

function startReplica({ host, port }: RedisServer, args: readonly string[]): Promise<RedisServer> {
  const directives = asArguments({ replicaof: [host, String(port)], 'repl-diskless-sync-delay': 0 })
  return startRedis({ args: [...directives, ...args] })
}

/** A Sentinel rewrites its configuration, so it needs its own file. */
function startSentinel(primary: RedisServer): Promise<RedisServer> {
  return startRedis({
    program(port, folder) {
      const lines = [
        `port ${port}`,
        `sentinel monitor ${name} ${primary.host} ${primary.port} 2`,
        `sentinel down-after-milliseconds ${name} 1000`,
        `sentinel failover-timeout ${name} 3000`,
      ]
      writeFileSync(folder.file('sentinel.conf'), `${lines.join('\n')}\n`)
      return [folder.file('sentinel.conf'), '--sentinel']
    },
  })
}

async function knowEachOther(watchers: readonly RedisServer[], replicas: number): Promise<boolean> {
  const known = await Promise.all(watchers.map((watcher) => watcher.command('SENTINEL', 'MASTER', name)))
  return known.every((text) => {
    // redis-cli prints names and values on alternating lines.
    const lines = text.split(/\r?\n/)
    const numberField = (wanted: string) => Number(lines[lines.indexOf(wanted) + 1])
    return (
      numberField('num-slaves') === replicas && numberField('num-other-sentinels') === watchers.length - 1
    )
  })
}
