import type { Setup } from '../library'

const nothing: readonly string[] = []

/** What most workloads ask for; each says what it wants otherwise. */
export function setupOf(wanted: Partial<Setup> & Pick<Setup, 'computeOf'>): Setup {
  return { tier: 'memory', room: 10_000, redis: '', tags: nothing, ...wanted }
}
