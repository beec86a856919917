import { type Info, numberOf } from '../info'
import { formatBytes } from '../text/amounts'
import type { CheckResult } from './finding'

/** The first major version with `#!lua flags=allow-oom`, so that invalidation scripts run on a full server. */
const minMajorVersion = 7

/** Checks that the server is new enough for Larder's scripts. */
export function checkVersion(info: Info): CheckResult {
  const version = info.get('redis_version') ?? ''
  const valkeyVersion = info.get('valkey_version')
  const found = valkeyVersion === undefined ? `Redis ${version}` : `Valkey ${valkeyVersion}`
  if (version === '') return { status: 'unknown', found: 'The server does not report its version.' }
  if (Number.parseInt(version, 10) >= minMajorVersion) return { status: 'ok', found }
  return {
    status: 'fail',
    found: `${found}: too old for Larder's scripts.`,
    advice: `Upgrade to Redis ${minMajorVersion}.0 or newer, or to Valkey.`,
  }
}

/** Checks that memory has a limit, and that the eviction policy never evicts the log. */
export function checkEviction(info: Info): CheckResult {
  const limit = numberOf(info, 'maxmemory')
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  const found = limit === 0 ? `no maxmemory, ${policy}` : `maxmemory ${formatBytes(limit)}, ${policy}`
  if (limit === 0)
    return {
      status: 'warn',
      found: `${found}: the server grows until the machine runs out of memory.`,
      advice: 'CONFIG SET maxmemory to a limit that fits the machine, and maxmemory-policy volatile-lru.',
    }
  if (policy.startsWith('volatile-')) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}: ${consequenceOf(policy)}`,
    advice:
      'CONFIG SET maxmemory-policy volatile-lru: it evicts entries, which have an expiry, and keeps the log, which has none. Sessions and limits, which must not be evicted, need another server.',
  }
}

function consequenceOf(policy: string): string {
  if (policy === 'noeviction') return 'a full server refuses new entries, but still accepts invalidations.'
  return 'a full server may evict the log, and then every cached entry is a miss.'
}
