/** Two typing errors at most: more would match variables of other programs. */
const maxDistance = 2

/** The known name nearest to a probably misspelt one; undefined if none is near. */
export function findNearestName(name: string, knownNames: readonly string[]): string | undefined {
  const nearest = knownNames
    .filter((candidate) => Math.abs(candidate.length - name.length) <= maxDistance)
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return nearest !== undefined && nearest.distance <= maxDistance ? nearest.candidate : undefined
}

/** The number of insertions, deletions and substitutions between two texts (Levenshtein 1966), row by row. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let line = 1; line <= from.length; line += 1) {
    const nextRow = [line]
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1)
      nextRow.push(Math.min(substituted, (row[column] ?? 0) + 1, (nextRow[column - 1] ?? 0) + 1))
    }
    row = nextRow
  }
  return row[to.length] ?? 0
}
