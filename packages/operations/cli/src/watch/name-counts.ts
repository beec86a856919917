/** Names counted at the same time. With more, the rarest are forgotten. */
const maxNames = 1_000

/** Counts how often each name occurs, and forgets the rarest ones when there are too many. */
export function createNameCounts() {
  const counts = new Map<string, number>()
  const listMostFrequent = (count: number) =>
    [...counts].sort(([, first], [, second]) => second - first).slice(0, count)

  return {
    add(name: string): void {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (counts.size <= maxNames) return
      const kept = listMostFrequent(maxNames / 2)
      counts.clear()
      for (const [each, count] of kept) counts.set(each, count)
    },
    /** The names with the highest counts, the most frequent first. */
    listMostFrequent,
  }
}
