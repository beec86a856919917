/** Keeps track of work that no caller waits for, so that closing the cache can. */
export function createBackgroundWork() {
  const running = new Set<Promise<unknown>>()

  return {
    /** Tracks `work` until it ends. Its failure is ignored: whoever started it reports it. */
    runInBackground(work: Promise<unknown>): void {
      const tracked = work.catch(() => undefined).finally(() => running.delete(tracked))
      running.add(tracked)
    },
    /** Resolves once nothing is running, work that was started meanwhile included. */
    async waitUntilIdle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
