/** The latest `capacity` items. */
export function createRingBuffer<T>(capacity: number) {
  const items: T[] = []
  let next = 0
  return {
    /** Replaces the oldest item if the buffer is full. */
    push(item: T): void {
      items[next] = item
      next = (next + 1) % capacity
    },
    newestFirst(): T[] {
      return [...items.slice(0, next).reverse(), ...items.slice(next).reverse()]
    },
  }
}
