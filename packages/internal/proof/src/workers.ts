import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Has workers, one per core, do all tasks; resolves to what they came to, in the order of the tasks. */
export async function distribute<T, R>(
  script: URL,
  tasks: readonly T[],
  onDone: (share: number) => void = () => undefined,
): Promise<readonly R[]> {
  const results: R[] = []
  let next = 0
  let done = 0

  function employ(): Promise<void> {
    return new Promise((resolve, reject) => {
      // What a simulation makes is soon garbage: room for it saves a tenth of the time.
      const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 64 } })
      let current = -1
      const give = () => {
        current = next
        next += 1
        if (current < tasks.length) worker.postMessage(tasks[current])
        else worker.terminate().then(() => resolve(), reject)
      }
      worker.on('message', (result: R) => {
        results[current] = result
        done += 1
        onDone(done / tasks.length)
        give()
      })
      worker.on('error', reject)
      give()
    })
  }

  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tasks.length) }, employ))
  return results
}
