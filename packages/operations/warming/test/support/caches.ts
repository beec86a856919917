import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { virtualClock } from '@larder/testing'

/** A cache in memory that lives in virtual time. */
export function cacheInVirtualTime(start?: string) {
  const clock = virtualClock(start === undefined ? {} : { start: Date.parse(start) })
  const cache = createCache({ name: 'test', store: memoryStore(), clock, ttl: '1h' })
  return { clock, cache }
}

/** A promise that is settled from outside. */
export function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
