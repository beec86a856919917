/** The last so many items. */
export function createRing<T>(capacity: number) {
  const items: T[] = []
  let next = 0
  return {
    add(item: T): void {
      items[next] = item
      next = (next + 1) % capacity
    },
    /** From the newest to the oldest. */
    newest(): T[] {
      return [...items.slice(0, next).reverse(), ...items.slice(next).reverse()]
    },
  }
}
