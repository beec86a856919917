/**
 * Resolves after other work of the event loop has had its turn: timers, and answers that have arrived. Independent of
 * the clock, because a pause takes no time.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof globalThis.setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
