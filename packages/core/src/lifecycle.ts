import { LarderError } from './errors'

/** Whether a cache is open, and the functions that stop its parts when it closes. */
export function createLifecycle(cacheName: string) {
  const stopFunctions = new Set<() => void>()
  let closing: Promise<void> | undefined

  return {
    isClosed: () => closing !== undefined,
    /** @throws LarderError `CACHE_CLOSED`. */
    checkOpen(): void {
      if (closing === undefined) return
      throw new LarderError('CACHE_CLOSED', `The cache "${cacheName}" is closed.`)
    },
    /** Calls `stop` when the cache closes. */
    onClose: (stop: () => void) => void stopFunctions.add(stop),
    /** Stops everything that was registered, then shuts down. Later calls return the same promise. */
    close(shutDown: () => Promise<void>): Promise<void> {
      closing ??= (async () => {
        for (const stop of stopFunctions) stop()
        await shutDown()
      })()
      return closing
    },
  }
}

export type Lifecycle = ReturnType<typeof createLifecycle>
