import type { Redis } from 'ioredis'
import type { Info } from '../info'
import { formatCount, formatPercent } from '../text/amounts'
import type { CheckResult } from './finding'

/** Keys that one SCAN looks at. */
const sampleSize = 1_000

/** Checks whether others use the database of the cache: `ownPrefix` begins every name of Larder there. */
export async function checkSharing(node: Redis, info: Info, ownPrefix: string): Promise<CheckResult> {
  const database = node.options.db ?? 0
  const [, sample] = (await node.call('SCAN', '0', 'COUNT', sampleSize)) as [string, string[]]
  const foreign = sample.filter((name) => !name.startsWith(ownPrefix))
  const others = [...info.keys()].filter((name) => /^db\d+$/.test(name) && name !== `db${database}`)
  const beside = others.length === 0 ? '' : `; the server also has keys in ${others.join(', ')}`
  if (foreign.length === 0)
    return {
      status: 'ok',
      found: `database ${database} holds only names that begin with ${ownPrefix}${beside}`,
    }
  return {
    status: 'warn',
    found: `${formatPercent(foreign.length / sample.length)} of ${formatCount(sample.length, 'key')} in database ${database} belong to others, such as ${foreign[0]}${beside}: their FLUSHDB ends every entry, their growth evicts entries, and eviction of entries can take their keys.`,
    advice: `Use a server of its own, or at least a database; give each application a user with only its own keys (~${ownPrefix}*).`,
  }
}
