import { type Info, numberOf, parseSubfields } from '../info'
import { formatBytes } from '../text/amounts'
import type { CheckResult } from './finding'

/** Checks that memory has a limit with room below it, and that the eviction policy never evicts the log. */
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
  if (numberOf(info, 'used_memory') >= limit && !canEvict(policy, info))
    return describeFull(found, policy, info)
  if (policy.startsWith('volatile-')) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}: ${consequenceOf(policy)}`,
    advice:
      'CONFIG SET maxmemory-policy volatile-lru: it evicts entries, which have an expiry, and keeps the log, which has none. Sessions and limits, which must not be evicted, need another server.',
  }
}

/** Whether the policy permits eviction, and a key is there that it may evict. */
function canEvict(policy: string, info: Info): boolean {
  if (policy === 'noeviction') return false
  const field = policy.startsWith('volatile-') ? 'expires' : 'keys'
  return [...info].some(
    ([name, value]) => /^db\d+$/.test(name) && Number(parseSubfields(value).get(field)) > 0,
  )
}

/** A full server that can evict nothing. */
function describeFull(found: string, policy: string, info: Info): CheckResult {
  const used = formatBytes(numberOf(info, 'used_memory'))
  const isVolatile = policy.startsWith('volatile-')
  return {
    status: 'fail',
    found: `${found}: full with ${used}${isVolatile ? ', and no key has an expiry that would let it be evicted' : ''}. Every new entry and lease is refused; invalidations are accepted.`,
    advice: isVolatile
      ? 'Raise maxmemory, or remove what others keep on this server without an expiry.'
      : 'Raise maxmemory, or CONFIG SET maxmemory-policy volatile-lru.',
  }
}

function consequenceOf(policy: string): string {
  if (policy === 'noeviction') return 'a full server refuses new entries, but still accepts invalidations.'
  return 'a full server may evict the log, and then every cached entry is a miss.'
}
