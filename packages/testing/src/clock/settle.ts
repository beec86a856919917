import { nextTick } from 'node:process'

/** Lets all promises settle that can without time going on, however long their chains: a tick comes after all of them. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve))
}

/** Lets go on what waits for promises or for a turn of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
