import { createHash } from 'node:crypto'
import { describeValue, findNearestName, LarderError } from '@larder/core'
import { type Policy, type ResolvedPolicy, resolvePolicy } from './policy'
import type { QuotaRequest } from './quotas/quota-store'
import type { ConsumeOptions, Identity } from './rate-limiter'

/** Longer identities are counted by their digest: clients choose some of them. */
const longestIdentity = 256

/**
 * Returns a function that turns the arguments of a call into requests to quotas: one per identity.
 * It throws LarderError `BAD_ARGUMENT` for an identity without a name, a cost that never fits, or an unknown policy.
 */
export function createRequestParser(defaults: readonly ResolvedPolicy[]) {
  const resolvedByPolicy = new WeakMap<Policy, ResolvedPolicy>()
  const warnOfMissing = createMissingWarning()

  function findPolicy(policy: string | Policy): ResolvedPolicy {
    if (typeof policy === 'string') return findByName(defaults, policy)
    const resolved = resolvedByPolicy.get(policy) ?? resolvePolicy('consume', policy)
    resolvedByPolicy.set(policy, resolved)
    return resolved
  }

  function toRequest(given: Identity, cost: number, charges: boolean): QuotaRequest {
    const identity = toSubject(typeof given === 'string' ? given : given?.identity)
    warnOfMissing(identity)
    const policies =
      typeof given === 'string' ? defaults : requireDifferent(requirePolicies(given.policies).map(findPolicy))
    requireCost(cost, policies)
    return { identity, policies, cost, charges }
  }

  return (
    identity: Identity | readonly Identity[],
    { cost = 1 }: ConsumeOptions = {},
    charges = true,
  ): QuotaRequest[] => {
    const identities = Array.isArray(identity) ? (identity as readonly Identity[]) : [identity as Identity]
    if (identities.length === 0) throw badArgument('at least one identity is needed; got none.')
    return identities.map((one) => toRequest(one, cost, charges))
  }
}

/** An empty identity would be one budget for everybody that has none. */
function toSubject(identity: unknown): string {
  if (typeof identity !== 'string' || identity === '')
    throw badArgument(
      `an identity must be a text that is not empty, such as 'user:42'; got ${describeValue(identity)}.`,
    )
  if (identity.length <= longestIdentity) return identity
  return `sha256:${createHash('sha256').update(identity).digest('base64url')}`
}

/** An identity whose text was made of a value that is missing, as in `user:undefined`, may also be the name of a user. */
function createMissingWarning(): (identity: string) => void {
  let hasWarned = false
  return (identity) => {
    if (hasWarned || !/(?:^|\W)(?:undefined|null|NaN|\[object \w+\])$/.test(identity)) return
    hasWarned = true
    process.emitWarning(
      `Rate limit: the identity "${identity}" looks like the text of a missing value. If it is, all requests without one share a ` +
        'budget: refuse them before, or leave this identity out.',
      { type: 'LarderWarning', code: 'LARDER_IDENTITY' },
    )
  }
}

function requirePolicies(policies: unknown): readonly (string | Policy)[] {
  if (Array.isArray(policies) && policies.length > 0) return policies
  throw badArgument(
    `policies of an identity must be a list such as ['per-minute']; got ${describeValue(policies)}.`,
  )
}

/** Two of one name would charge the same count twice. */
function requireDifferent(policies: readonly ResolvedPolicy[]): readonly ResolvedPolicy[] {
  const names = policies.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return policies
  throw badArgument(`an identity has two policies named "${twice}". Give each its own name.`)
}

function findByName(policies: readonly ResolvedPolicy[], name: string): ResolvedPolicy {
  const found = policies.find((policy) => policy.name === name)
  if (found !== undefined) return found
  const names = policies.map((policy) => policy.name)
  const nearest = findNearestName(name, names)
  const hint = nearest === undefined ? '' : ` Write "${nearest}".`
  throw badArgument(`there is no policy "${name}".${hint} The policies are: ${names.join(', ')}.`)
}

function requireCost(cost: unknown, policies: readonly ResolvedPolicy[]): void {
  const most = Math.min(...policies.map(({ limit }) => limit))
  if (Number.isSafeInteger(cost) && (cost as number) > 0 && (cost as number) <= most) return
  throw badArgument(
    `cost must be a whole number from 1 to ${most}, the smallest limit; got ${describeValue(cost)}.`,
  )
}

function badArgument(problem: string): LarderError {
  return new LarderError('BAD_ARGUMENT', `Rate limit: ${problem}`)
}
