import { type Names, namesOf } from '@larder/redis'
import { findCacheNames } from '../cache-names'
import { formatLogSize, type LogState, readLogState } from '../log-state'
import type { Server } from '../server'
import { formatCount } from '../text/amounts'
import type { CheckResult } from './finding'

const lostLogAdvice =
  'No repair is needed: the next process creates a new log. To keep it from now on, follow the advice for "eviction", and do not run FLUSHDB or FLUSHALL.'
/** SCAN calls per node in search of an entry. */
const maxScans = 20

interface LogTarget {
  /** Empty where the server has no cache. */
  readonly name: string
  readonly prefix: string
  /** Whether a check of the server failed, so that it may have refused to create the log. */
  readonly isRefusing: boolean
}

/** Checks that the log of the cache is complete, and that it can notice a failover. */
export async function checkLog(
  server: Server,
  { name, prefix, isRefusing }: LogTarget,
): Promise<CheckResult> {
  const names = namesOf(prefix, name)
  const log = await readLogState(server, names)
  if (log !== undefined) return checkLogState(log)
  if (await hasEntries(server, names)) {
    return {
      status: 'fail',
      found: 'the cache has entries but no log: the log was lost, and all entries are misses.',
      advice: lostLogAdvice,
    }
  }
  const others = await findCacheNames(server, prefix)
  const caches = others.join(', ') || 'none'
  return {
    status: 'warn',
    found: `no process has opened ${name === '' ? 'a' : 'this'} cache here. Caches on this server: ${caches}.`,
    advice: isRefusing
      ? 'Mend what fails above first: until then no process may be able to.'
      : 'Check --name, --prefix and the database number in --url.',
  }
}

function checkLogState(log: LogState): CheckResult {
  const found = formatLogSize(log)
  if (!log.isComplete)
    return {
      status: 'fail',
      found: `${found}: part of it was lost, and all older entries are misses.`,
      advice: lostLogAdvice,
    }
  if (!log.isServerKnown)
    return {
      status: 'warn',
      found: `${found}; the server does not tell its replication id, so that invalidations lost by a failover may stay lost.`,
      advice: 'Allow the user of this cache to run INFO, section "replication".',
    }
  return {
    status: 'ok',
    found: `${found}; kept by ${formatCount(log.terms, 'server')} so far`,
  }
}

async function hasEntries(server: Server, names: Names): Promise<boolean> {
  for (const node of server.nodes()) {
    let cursor = '0'
    for (let scan = 0; scan < maxScans; scan += 1) {
      const reply = await node.call('SCAN', cursor, 'MATCH', names.pattern, 'COUNT', 1_000)
      const [next, keys] = reply as [string, string[]]
      if (keys.length > 0) return true
      cursor = next
      if (cursor === '0') break
    }
  }
  return false
}
