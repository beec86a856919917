import type { Clock } from '@larder/core'
import { type CommandArgument, type GuardedConnection, serviceNamesOf } from '@larder/redis/kit'
import type { ResolvedPolicy } from '../policy'
import { type QuotaScripts, quotaScriptsOf } from './quota-scripts'
import type { QuotaDecision, QuotaRequest, QuotaState, QuotaStore } from './quota-store'
import { rememberRecent } from './remember-recent'

interface RedisQuotasOptions {
  readonly redis: GuardedConnection
  readonly prefix: string
  /** The name of the limiter. */
  readonly name: string
  /** Replaces the clock of the server. */
  readonly clock: Clock | undefined
}

/** The digest of an identity takes as long as all else that a request computes here. */
const rememberedIdentities = 10_000

/**
 * Counts quotas in Redis: one script per identity, which takes all of its policies or none. Each key expires by itself as soon
 * as nothing in it counts.
 */
export function createRedisQuotas({ redis, prefix, name, clock }: RedisQuotasOptions): QuotaStore {
  const names = serviceNamesOf(prefix, 'limit', name)
  const subjectOf = rememberRecent(rememberedIdentities, (identity) => names.keyOf(identity))
  const now = () => (clock === undefined ? '0' : String(Math.floor(clock.now() * 1_000)))

  function keysOf(identity: string, policies: readonly ResolvedPolicy[]) {
    const subject = subjectOf(identity)
    return { block: `${subject}:block`, keys: policies.map(({ id }) => `${subject}:${id}`) }
  }

  function toCall({ identity, policies, cost, charges }: QuotaRequest) {
    const { block, keys } = keysOf(identity, policies)
    const values = { block, now: now(), cost, charges: charges ? '1' : '0' }
    const { scripts, args } = preparedFor(policies)
    return scripts.decide.callWith(values, args, keys)
  }

  return {
    async decide(requests) {
      const [only] = requests
      const replies =
        requests.length === 1 && only !== undefined
          ? [await redis.runScript(toCall(only))]
          : await redis.runScripts(requests.map(toCall))
      return (replies as number[][]).map(parseDecision)
    },
    async refund({ identity, policies, cost }) {
      const { block, keys } = keysOf(identity, policies)
      const { scripts, args } = preparedFor(policies)
      await redis.runScript(scripts.refund.callWith({ block, now: now(), cost }, args, keys))
    },
    async reset(identity, policies) {
      const { block, keys } = keysOf(identity, policies)
      await redis.sendCommand('unlink', block, ...keys)
    },
    async block(identity, duration) {
      const length = Math.ceil(duration)
      await redis.sendCommand('set', keysOf(identity, []).block, length, 'PX', length)
    },
  }
}

interface PreparedPolicies {
  readonly scripts: QuotaScripts
  readonly args: readonly CommandArgument[]
}

const preparedByPolicies = new WeakMap<readonly ResolvedPolicy[], PreparedPolicies>()

/** The scripts and arguments of policies, which are those of the limiter for most requests. */
function preparedFor(policies: readonly ResolvedPolicy[]): PreparedPolicies {
  const known = preparedByPolicies.get(policies)
  if (known !== undefined) return known
  const scripts = quotaScriptsOf(policies.map(({ algorithm }) => algorithm))
  const prepared = { scripts, args: policies.flatMap(argumentsOf) }
  preparedByPolicies.set(policies, prepared)
  return prepared
}

function argumentsOf({ algorithm, limit, window, countRefused }: ResolvedPolicy) {
  return [algorithm, limit, window, countRefused ? '1' : '0']
}

/** The reply of the script: whether it is allowed, the time of the block, and three numbers for each policy. */
function parseDecision(reply: readonly number[]): QuotaDecision {
  const quotas: QuotaState[] = []
  for (let index = 2; index < reply.length; index += 3)
    quotas.push({
      used: reply[index] ?? 0,
      retryAfter: reply[index + 1] ?? 0,
      resetIn: reply[index + 2] ?? 0,
    })
  return { allowed: reply[0] === 1, blockedFor: reply[1] ?? 0, quotas }
}
