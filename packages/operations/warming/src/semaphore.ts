/** A semaphore with a first-in, first-out queue. Each caller states the maximum number of permits itself. */
export function createSemaphore() {
  const waiting: { readonly maxPermits: number; readonly grant: () => void }[] = []
  let acquired = 0

  function grantPermits(): void {
    for (let first = waiting[0]; first !== undefined && acquired < first.maxPermits; first = waiting[0]) {
      waiting.shift()
      acquired += 1
      first.grant()
    }
  }

  return {
    get waitingCount() {
      return waiting.length
    },
    /** Resolves to true once fewer than `maxPermits` permits are acquired, and to false after an abort. */
    acquire(maxPermits: number, signal: AbortSignal): Promise<boolean> {
      return new Promise((resolve) => {
        const waiter = { maxPermits, grant: grantPermit }
        function grantPermit(): void {
          signal.removeEventListener('abort', leaveQueue)
          resolve(true)
        }
        function leaveQueue(): void {
          waiting.splice(waiting.indexOf(waiter), 1)
          resolve(false)
          grantPermits()
        }
        if (signal.aborted) return resolve(false)
        signal.addEventListener('abort', leaveQueue, { once: true })
        waiting.push(waiter)
        grantPermits()
      })
    },
    release(): void {
      acquired -= 1
      grantPermits()
    },
  }
}

export type Semaphore = ReturnType<typeof createSemaphore>
