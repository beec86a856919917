import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { virtualClock } from '@larder/testing'

/** A memory cache on a virtual clock. */
export function createVirtualCache(start?: string) {
  const clock = virtualClock(start === undefined ? {} : { start: Date.parse(start) })
  const cache = createCache({ name: 'test', store: memoryStore(), clock, ttl: '1h' })
  return { clock, cache }
}

/** A promise that resolves when `open` is called. */
export function createGate() {
  let resolveOpened: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    resolveOpened = resolve
  })
  return { opened, open: () => resolveOpened() }
}
