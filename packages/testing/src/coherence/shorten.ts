import type { Step } from './steps'

/**
 * Leaves out every step that a story can do without. fast-check shortens a list before it simplifies what is in it, and
 * does not come back to its length.
 */
export async function shorten(
  steps: readonly Step[],
  isTelling: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const without = steps.filter((_, other) => other !== at)
    if (await isTelling(without)) return shorten(without, isTelling)
  }
  return steps
}
