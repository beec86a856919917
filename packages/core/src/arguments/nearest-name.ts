/**
 * The known name that a misspelt one most probably means; undefined if none is near. Upper and lower case are the same here.
 * `maxDistance` in typing errors; by default a third of the length of `name`, but at least one.
 */
export function findNearestName(
  name: string,
  knownNames: Iterable<string>,
  maxDistance = Math.max(1, Math.floor(name.length / 3)),
): string | undefined {
  let nearest: string | undefined
  let nearestDistance = maxDistance + 1
  for (const candidate of knownNames) {
    if (Math.abs(candidate.length - name.length) >= nearestDistance) continue
    const distance = typingErrorsBetween(name.toLowerCase(), candidate.toLowerCase())
    if (distance >= nearestDistance) continue
    nearest = candidate
    nearestDistance = distance
  }
  return nearest
}

/**
 * The number of insertions, deletions, substitutions and swaps of neighbours between two texts, row by row (optimal string
 * alignment; Damerau, A technique for computer detection and correction of spelling errors, CACM 1964).
 */
export function typingErrorsBetween(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let line = 1; line <= from.length; line += 1) {
    const row = [line]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[line - 1] === to[column - 1]
      const isSwap = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1]
      row[column] = Math.min(
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        (last[column] ?? 0) + 1,
        (row[column - 1] ?? 0) + 1,
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = row
  }
  return last[to.length] ?? 0
}
