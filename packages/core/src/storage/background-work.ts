/** Keeps track of work that no caller waits for, so that closing the cache can. */
export function createBackgroundWork() {
  const running = new Set<Promise<unknown>>()

  return {
    /** Tracks `work` until it ends. A failure is ignored: the caller reports it. */
    runInBackground(work: Promise<unknown>): void {
      const tracked = work.catch(() => undefined).finally(() => running.delete(tracked))
      running.add(tracked)
    },
    /** Resolves once all work has ended, including work that was started meanwhile. */
    async waitUntilIdle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
