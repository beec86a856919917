import { writeFileSync } from 'node:fs'
import { until } from '../until'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'
import { startAll } from './start-all'

/** A primary and its replicas, watched by three Sentinels. */
export interface RedisSentinels extends AsyncDisposable {
  /** The name the Sentinels know the primary by. */
  readonly name: string
  /** Where the Sentinels are, as ioredis takes it. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** The first primary and its replicas. */
  readonly servers: readonly RedisServer[]
  /** The server that the Sentinels hold to be the primary. */
  primary(): Promise<RedisServer>
  /** Has the Sentinels replace a primary that is well; resolves to the next one when all of them know it. */
  failover(): Promise<RedisServer>
  close(): Promise<void>
}

/** How many servers the Sentinels watch. */
export interface SentinelOptions {
  /** Replicas of the primary, at least 1. @defaultValue `1` */
  readonly replicas?: number | undefined
}

const name = 'larder'

/** Starts them; resolves when each Sentinel knows the replicas and the other Sentinels. */
export async function startSentinels({ replicas = 1 }: SentinelOptions = {}): Promise<RedisSentinels> {
  const primary = await startRedis({ args: asArguments({ 'repl-diskless-sync-delay': 0 }) })
  const started = [primary]
  const close = async () => void (await Promise.all(started.map((server) => server.close())))
  try {
    const followers = await startAll(replicas, () => startReplica(primary))
    started.push(...followers)
    const watchers = await startAll(3, () => startSentinel(primary))
    started.push(...watchers)
    await until('the Sentinels know each other', () => knowEachOther(watchers, replicas))
    return { ...topology([primary, ...followers], watchers), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

function topology(servers: readonly RedisServer[], watchers: readonly RedisServer[]) {
  /** The port that each Sentinel names. */
  function votes(): Promise<readonly number[]> {
    const vote = async (watcher: RedisServer) =>
      Number((await watcher.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)).split('\n')[1])
    return Promise.all(watchers.map(vote))
  }
  async function primary(): Promise<RedisServer> {
    const [port] = await votes()
    const found = servers.find((server) => server.port === port)
    if (found === undefined) throw new Error('The Sentinels know no primary.')
    return found
  }
  async function failover(): Promise<RedisServer> {
    const before = await primary()
    // Refused while an earlier failover is under way, and before a replica has told how far it is.
    await until(
      'a failover begins',
      async () => (await watchers[0]?.command('SENTINEL', 'FAILOVER', name)) === 'OK',
    )
    await until('every Sentinel knows the next primary', async () => {
      const ports = new Set(await votes())
      return ports.size === 1 && !ports.has(before.port)
    })
    return primary()
  }
  const sentinels = watchers.map(({ host, port }) => ({ host, port }))
  return { name, sentinels, servers, primary, failover }
}

function startReplica({ host, port }: RedisServer): Promise<RedisServer> {
  return startRedis({ args: asArguments({ replicaof: [host, String(port)], 'repl-diskless-sync-delay': 0 }) })
}

/** A Sentinel writes to its configuration, so it needs a file of its own. */
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
    // redis-cli prints the fields one a line: name, value, name, value.
    const lines = text.split(/\r?\n/)
    const field = (wanted: string) => Number(lines[lines.indexOf(wanted) + 1])
    return field('num-slaves') === replicas && field('num-other-sentinels') === watchers.length - 1
  })
}
