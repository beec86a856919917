import { createAdaptivePolicy } from './adaptive/adaptive-policy'
import type { EvictionPolicy, EvictionPolicyOptions } from './eviction-policy'
import { createLruPolicy } from './lru-policy'

/** Every eviction policy, by the name that the option `eviction` gives it. */
export const evictionPolicies = {
  adaptive: createAdaptivePolicy,
  lru: createLruPolicy,
} as const satisfies Readonly<Record<string, (options: EvictionPolicyOptions) => EvictionPolicy>>

/** The name of an eviction policy: see {@link MemoryStoreOptions.eviction}. */
export type Eviction = keyof typeof evictionPolicies
