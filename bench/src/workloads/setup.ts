import type { Setup } from '../library'

const noTags: readonly string[] = []

/** The settings of most workloads, with the given changes. */
export function setupOf(wanted: Partial<Setup> & Pick<Setup, 'computeOf'>): Setup {
  return { tier: 'memory', capacity: 10_000, redis: '', tags: noTags, ...wanted }
}
