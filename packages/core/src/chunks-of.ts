/** The items in their order, in chunks of at most `size`. */
export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  const length = Math.ceil(items.length / size)
  return Array.from({ length }, (_, index) => items.slice(index * size, (index + 1) * size))
}
