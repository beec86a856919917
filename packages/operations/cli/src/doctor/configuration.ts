import { type Info, numberIn } from '../info'
import { bytes } from '../text/amounts'
import type { Finding } from './finding'

type Answer = Omit<Finding, 'check'>

/** The first with scripts that may run when memory is full, which Larder's do. */
const oldestMajor = 7

/** Whether the server understands what Larder sends. */
export function checkVersion(info: Info): Answer {
  const version = info.get('redis_version') ?? ''
  const valkey = info.get('valkey_version')
  const found = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`
  if (version === '') return { status: 'unknown', found: 'The server does not tell its version.' }
  if (Number.parseInt(version, 10) >= oldestMajor) return { status: 'ok', found }
  return {
    status: 'fail',
    found: `${found}: Larder's scripts do not run on it.`,
    advice: `Upgrade to Redis ${oldestMajor}.0 or newer, or Valkey.`,
  }
}

/** Whether memory has a limit, and what happens there. */
export function checkEviction(info: Info): Answer {
  const limit = numberIn(info, 'maxmemory')
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  const found = limit === 0 ? `no maxmemory, ${policy}` : `maxmemory ${bytes(limit)}, ${policy}`
  if (limit === 0)
    return {
      status: 'warn',
      found: `${found}: the server grows until the machine ends it.`,
      advice: 'CONFIG SET maxmemory to what the machine can spare, and maxmemory-policy volatile-lru.',
    }
  if (policy.startsWith('volatile-')) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}: ${consequenceOf(policy)}`,
    advice:
      'CONFIG SET maxmemory-policy volatile-lru: entries have an expiry and may go, the log has none and stays.',
  }
}

function consequenceOf(policy: string): string {
  if (policy === 'noeviction') return 'a full server refuses new entries, and still takes invalidations.'
  return 'a full server may evict the log, and then everything cached is a miss.'
}
