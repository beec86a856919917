import type { Step } from './steps'

/**
 * Removes every step without which the disagreement remains (greedy shrinking). fast-check shrinks the length of an array
 * before its elements and does not try shorter arrays again once the elements are simpler.
 */
export async function shrinkSteps(
  steps: readonly Step[],
  disagrees: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const without = steps.filter((_, other) => other !== index)
    if (await disagrees(without)) return shrinkSteps(without, disagrees)
  }
  return steps
}
