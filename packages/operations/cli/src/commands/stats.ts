import { namesOf } from '@larder/redis'
import type { Command, CommandContext } from '../command'
import { sumOf } from '../info'
import { formatLogSize, readLogState } from '../log-state'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { sampleKeys } from '../sample-keys'
import { readInfo, type Server } from '../server'
import { alignColumns } from '../text/align-columns'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInteger,
  formatPercent,
  hitRatioOf,
} from '../text/amounts'
import { type OpenCache, selectNamespace, withCache } from '../with-cache'

const defaultMaxCounted = 100_000

export const stats: Command = {
  name: 'stats',
  description: 'Show the entries of the cache, its log, and its server',
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: {
    limit: {
      type: 'string',
      placeholder: 'COUNT',
      description: `approximate number of entries to count at most; default: ${defaultMaxCounted}`,
    },
    ...namespaceOption,
  },
  examples: ['larder stats --name shop', 'larder stats --name shop --json | jq .entries.count'],
  async run(context) {
    const limit = context.args.getCount('limit', defaultMaxCounted)
    return withCache(context, async (opened) => {
      const figures = await collectFigures(context, opened, limit)
      await printResult(context, figures, () => formatFigures(figures))
      return 0
    })
  },
}

type Figures = Awaited<ReturnType<typeof collectFigures>>

async function collectFigures(context: CommandContext, { cache, server }: OpenCache, limit: number) {
  const { args, name, prefix } = context
  const { keys, isComplete } = await sampleKeys(selectNamespace(cache, args.getList('namespace')), limit)
  const log = await readLogState(server, namesOf(prefix, name))
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
    server: await collectServerFigures(server),
  }
}

/** Sums over all primaries. */
async function collectServerFigures(server: Server) {
  const infos = await Promise.all(server.nodes().map(readInfo))
  const hits = sumOf(infos, 'keyspace_hits')
  const misses = sumOf(infos, 'keyspace_misses')
  return {
    address: server.address,
    nodes: infos.length,
    usedMemory: sumOf(infos, 'used_memory'),
    maxMemory: sumOf(infos, 'maxmemory'),
    hits,
    misses,
    hitShare: hitRatioOf(hits, misses),
    evicted: sumOf(infos, 'evicted_keys'),
    operationsPerSecond: sumOf(infos, 'instantaneous_ops_per_sec'),
    clients: sumOf(infos, 'connected_clients'),
  }
}

function formatFigures({ name, entries, log, server }: Figures): string[] {
  const others =
    server.nodes > 1 ? ` and ${formatCount(server.nodes - 1, 'more primary', 'more primaries')}` : ''
  const limit = server.maxMemory === 0 ? 'without a limit' : `of ${formatBytes(server.maxMemory)}`
  return alignColumns([
    ['cache', name],
    [
      'entries',
      entries.complete
        ? formatInteger(entries.count)
        : `more than ${formatInteger(entries.count)}; raise --limit to count further`,
    ],
    ['log', formatLogSize(log)],
    ['position', `${log.position}, ${formatDuration(log.age)} ago`],
    ['lag', `${formatDuration(log.lag)} since the log was read`],
    ['server', `${server.address}${others}`],
    ['memory', `${formatBytes(server.usedMemory)} ${limit}`],
    [
      'lookups',
      `${formatCount(server.hits, 'hit')}, ${formatCount(server.misses, 'miss', 'misses')} on the server: ${formatPercent(server.hitShare)}`,
    ],
    ['evicted', formatInteger(server.evicted)],
    [
      'operations',
      `${formatInteger(server.operationsPerSecond)} per second, ${formatCount(server.clients, 'client')}`,
    ],
  ])
}
