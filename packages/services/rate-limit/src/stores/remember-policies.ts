import type { Policy } from '../policy'

/** Policies that differ by request are forgotten beyond it. */
const rememberedPolicies = 1_000

/** Returns a function that creates one policy for each limit and window (in ms), and returns the same one the next time. */
export function rememberPolicies(
  rest: Pick<Policy, 'name' | 'countRefused'>,
): (window: number, limit: number) => Policy {
  const policies = new Map<string, Policy>()
  return (window, limit) => {
    const id = `${window}:${limit}`
    const policy = policies.get(id) ?? { ...rest, limit, window }
    if (policies.size >= rememberedPolicies) policies.clear()
    policies.set(id, policy)
    return policy
  }
}
