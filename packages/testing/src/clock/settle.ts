/**
 * Lets everything settle that can without time going on: all promises, however long their chains, also those that wait
 * for a turn of the event loop.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
