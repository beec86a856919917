import type { CheckResult, ServiceServer } from '@larder/core'
import { evictionPolicyOf, servicePatternOf } from '@larder/redis/kit'

/** Checks that a server with sessions keeps them: that it evicts none, and has them after a restart. */
export async function checkServer(server: ServiceServer): Promise<CheckResult | undefined> {
  const [key] = await server.findKeys(servicePatternOf(server.prefix, 'session', undefined, 'epoch'), 1)
  if (key === undefined) return undefined
  const info = await server.readInfo()
  const policy = evictionPolicyOf(info)
  const usesFile = info.get('aof_enabled')
  if (policy === undefined || usesFile === undefined)
    return { status: 'unknown', found: 'the server does not tell its eviction policy and persistence.' }
  if (policy !== 'noeviction')
    return {
      status: 'warn',
      found: `${policy}: a full server evicts sessions, and the tombstones of those that have ended.`,
      advice: 'Give sessions a server of their own with maxmemory-policy noeviction.',
    }
  if (usesFile !== '1')
    return {
      status: 'warn',
      found: 'no append-only file: a restart logs everybody out, from a snapshot as well.',
      advice: 'CONFIG SET appendonly yes, and in the configuration.',
    }
  return { status: 'ok', found: `sessions are kept, ${policy}, append-only file` }
}
