import type { Algorithm, ResolvedPolicy } from '../policy'
import { createCounterQuota } from './counter-quota'
import { createLogQuota } from './log-quota'
import type { Quota } from './quota'
import { createStrictQuota } from './strict-quota'

/** By the length of the window. */
const creators: Readonly<Record<Algorithm, (window: number) => Quota>> = {
  strict: createStrictQuota,
  log: createLogQuota,
  counter: createCounterQuota,
}

export function createQuota(policy: ResolvedPolicy): Quota {
  return creators[policy.algorithm](policy.window)
}
