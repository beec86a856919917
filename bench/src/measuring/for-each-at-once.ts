/** Calls `work` for each item, with at most `atOnce` calls in flight. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => unknown,
): Promise<void> {
  const rest = items.values()
  async function runWorker(): Promise<void> {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, runWorker))
}
