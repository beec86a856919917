import type { Names } from '@larder/redis'
import { cacheNamesOn } from '../cache-names'
import { type LogState, readLog } from '../log-state'
import type { Server } from '../server'
import { whole } from '../text/amounts'
import type { Finding } from './finding'

type Answer = Omit<Finding, 'check'>

const advice =
  'Nothing to repair: the next process begins a new log. To keep it, see "eviction", and flush nothing.'
/** Scans for an entry, per node. */
const scans = 20

/** Whether the log of the cache and its index are there. */
export async function checkLog(server: Server, names: Names, prefix: string): Promise<Answer> {
  const log = await readLog(server, names)
  if (log !== undefined) return stateOf(log)
  if (await hasEntries(server, names)) {
    return {
      status: 'fail',
      found: 'there are entries and no log: it was lost, and all entries are misses.',
      advice,
    }
  }
  const others = await cacheNamesOn(server, prefix)
  return {
    status: 'warn',
    found: `no process has opened this cache here. Caches that are here: ${others.join(', ') || 'none'}.`,
    advice: 'Check --name, --prefix and the number of the database in --url.',
  }
}

function stateOf(log: LogState): Answer {
  const { tags, keys, links } = log
  const found = `${whole(tags)} tags, ${whole(keys)} keys, ${whole(links)} links`
  if (!log.isWhole)
    return {
      status: 'fail',
      found: `${found}: part of it was lost, and all older entries are misses.`,
      advice,
    }
  if (!log.isIndexed)
    return {
      status: 'fail',
      found: `${found}; the index of recent positions was lost, and processes tell the log again what they saw.`,
      advice,
    }
  return { status: 'ok', found: `${found}, and its index of ${whole(log.recent)} recent positions` }
}

async function hasEntries(server: Server, names: Names): Promise<boolean> {
  for (const node of server.nodes()) {
    let cursor = '0'
    for (let scan = 0; scan < scans; scan += 1) {
      const reply = await node.call('SCAN', cursor, 'MATCH', names.pattern, 'COUNT', 1_000)
      const [next, keys] = reply as [string, string[]]
      if (keys.length > 0) return true
      cursor = next
      if (cursor === '0') break
    }
  }
  return false
}
