import type { CheckResult, ServiceServer } from '@larder/core'
import { evictionPolicyOf, servicePatternOf } from '@larder/redis/kit'

/** Checks that a server with counts does not evict them: an identity whose key is gone has a new budget. */
export async function checkEviction(server: ServiceServer): Promise<CheckResult | undefined> {
  const [key] = await server.findKeys(servicePatternOf(server.prefix, 'limit', undefined), 1)
  if (key === undefined) return undefined
  const policy = evictionPolicyOf(await server.readInfo())
  if (policy === undefined)
    return { status: 'unknown', found: 'the server does not tell its eviction policy.' }
  if (policy === 'noeviction') return { status: 'ok', found: `counts are kept, ${policy}` }
  return {
    status: 'warn',
    found: `${policy}: a full server evicts counts, and an identity without a count has a new budget.`,
    advice: 'Give limits a server of their own with maxmemory-policy noeviction.',
  }
}
