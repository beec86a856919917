import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RedisServer, startRedis } from './server'
import { until } from './until'

/** A primary and its replica, watched by three Sentinels. */
export interface RedisSentinels extends AsyncDisposable {
  /** The name the Sentinels know the primary by. */
  readonly name: string
  /** Where the Sentinels are, as ioredis takes it. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  readonly servers: readonly RedisServer[]
  /** The server that the Sentinels hold to be the primary. */
  primary(): Promise<RedisServer>
  close(): Promise<void>
}

const name = 'larder'

/** Starts them; resolves when each Sentinel knows the replica and the other Sentinels. */
export async function startSentinels(): Promise<RedisSentinels> {
  const first = await startRedis()
  const second = await startRedis({
    args: ['--replicaof', first.host, String(first.port), '--repl-diskless-sync-delay', '0'],
  })
  const watchers = await Promise.all(Array.from({ length: 3 }, () => startSentinel(first)))
  const servers = [first, second]
  await until('the Sentinels know each other', async () => {
    const known = await Promise.all(watchers.map((watcher) => watcher.command('SENTINEL', 'MASTER', name)))
    return known.every(
      (text) => /num-slaves\s1\s/.test(`${text}\n`) && /num-other-sentinels\s2\s/.test(`${text}\n`),
    )
  })

  async function primary(): Promise<RedisServer> {
    const [watcher] = watchers
    const port = Number((await watcher?.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name))?.split('\n')[1])
    const found = servers.find((server) => server.port === port)
    if (found === undefined) throw new Error('The Sentinels know no primary.')
    return found
  }

  async function close(): Promise<void> {
    await Promise.all([...watchers, ...servers].map((server) => server.close()))
  }
  const sentinels = watchers.map(({ host, port }) => ({ host, port }))
  return { name, sentinels, servers, primary, close, [Symbol.asyncDispose]: close }
}

/** A Sentinel writes to its configuration, so it needs a file of its own. */
function startSentinel(primary: RedisServer): Promise<RedisServer> {
  return startRedis({
    program(port, folder) {
      const file = join(folder, 'sentinel.conf')
      const lines = [
        `port ${port}`,
        `sentinel monitor ${name} ${primary.host} ${primary.port} 2`,
        `sentinel down-after-milliseconds ${name} 1000`,
        `sentinel failover-timeout ${name} 3000`,
      ]
      writeFileSync(file, `${lines.join('\n')}\n`)
      return [file, '--sentinel']
    },
  })
}
