/** Does something for each item, some at a time. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => unknown,
): Promise<void> {
  const rest = items.values()
  async function worker(): Promise<void> {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
