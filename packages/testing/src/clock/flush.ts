import { nextTick } from 'node:process'

/**
 * Resolves after all promises that can settle without a timer or I/O, however long their chains: Node runs the next-tick
 * queue after the microtask queue is empty.
 */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve))
}

/** Resolves after three turns of the event loop, so that promises and `setImmediate` callbacks have run. */
export async function flushEventLoop(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
