/**
 * Whether a place of the list has no item. Looks at one place more than there are items, at most: a list of three items may
 * have a length of four billion, and a loop over its length would block the process.
 */
export function hasHole(list: readonly unknown[]): boolean {
  for (let index = 0; index < list.length; index += 1)
    if (list[index] === undefined && !(index in list)) return true
  return false
}
