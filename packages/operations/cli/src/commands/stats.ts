import { namesOf } from '@larder/redis'
import type { Command, Context } from '../command'
import { sumOf } from '../info'
import { readLog } from '../log-state'
import { type Opened, scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'
import { sampleKeys } from '../sample-keys'
import { infoOf, type Server } from '../server'
import { bytes, duration, percent, shareOf, whole } from '../text/amounts'
import { columns } from '../text/columns'

const entriesCounted = 100_000

export const stats: Command = {
  name: 'stats',
  about: 'Entries of the cache, its log, and its server',
  words: '',
  wordCount: [0, 0],
  options: {
    limit: { type: 'string', value: 'COUNT', about: `entries counted at most, about (${entriesCounted})` },
    ...namespaceOption,
  },
  examples: ['larder stats --name shop', 'larder stats --name shop --json | jq .entries.count'],
  async run(context) {
    const limit = context.args.count('limit', entriesCounted)
    return withCache(context, async (opened) => {
      const figures = await collect(context, opened, limit)
      await print(context, figures, () => describe(figures))
      return 0
    })
  },
}

type Figures = Awaited<ReturnType<typeof collect>>

async function collect({ args, name, prefix }: Context, { cache, server }: Opened, limit: number) {
  const { keys, isComplete } = await sampleKeys(scopeOf(cache, args.list('namespace')), limit)
  const log = await readLog(server, namesOf(prefix, name))
  const [seconds, micros] = (await server.call('TIME')) as string[]
  const { position, lag } = cache.stats()
  return {
    name,
    entries: { count: keys.length, complete: isComplete },
    log: {
      tags: log?.tags ?? 0,
      keys: log?.keys ?? 0,
      links: log?.links ?? 0,
      position,
      at: new Date(position / 1_000),
      age: Math.max(0, Math.round(Number(seconds) * 1_000 + (Number(micros) - position) / 1_000)),
      lag: Math.round(lag),
    },
    server: await figuresOf(server),
  }
}

/** Of all primaries together. */
async function figuresOf(server: Server) {
  const infos = await Promise.all(server.nodes().map(infoOf))
  const hits = sumOf(infos, 'keyspace_hits')
  const misses = sumOf(infos, 'keyspace_misses')
  return {
    address: server.address,
    nodes: infos.length,
    usedMemory: sumOf(infos, 'used_memory'),
    maxMemory: sumOf(infos, 'maxmemory'),
    hits,
    misses,
    hitShare: shareOf(hits, misses),
    evicted: sumOf(infos, 'evicted_keys'),
    operationsPerSecond: sumOf(infos, 'instantaneous_ops_per_sec'),
    clients: sumOf(infos, 'connected_clients'),
  }
}

function describe({ name, entries, log, server }: Figures): string[] {
  const limit = server.maxMemory === 0 ? 'without a limit' : `of ${bytes(server.maxMemory)}`
  return columns([
    ['cache', name],
    [
      'entries',
      entries.complete
        ? whole(entries.count)
        : `more than ${whole(entries.count)}, counting was cut: --limit`,
    ],
    ['log', `${whole(log.tags)} tags, ${whole(log.keys)} keys, ${whole(log.links)} links`],
    ['position', `${log.position}, ${duration(log.age)} ago`],
    ['lag', `${duration(log.lag)} since the log was read`],
    ['server', `${server.address}${server.nodes > 1 ? ` and ${server.nodes - 1} more primaries` : ''}`],
    ['memory', `${bytes(server.usedMemory)} ${limit}`],
    [
      'look-ups',
      `${whole(server.hits)} hits, ${whole(server.misses)} misses on the server: ${percent(server.hitShare)}`,
    ],
    ['evicted', whole(server.evicted)],
    ['operations', `${whole(server.operationsPerSecond)} per second, ${whole(server.clients)} clients`],
  ])
}
