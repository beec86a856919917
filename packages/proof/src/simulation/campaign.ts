import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type FaultName, faultNames } from '@larder/testing'

/** What goes wrong in a run: nothing, one class of faults, or any of them. */
export type FaultClass = FaultName | 'none' | 'all'

export const faultClasses: readonly FaultClass[] = ['none', ...faultNames, 'all']

/** The faults of a class, as `simulate` takes them. */
export function faultsOf(faultClass: FaultClass): readonly FaultName[] {
  if (faultClass === 'none') return []
  return faultClass === 'all' ? faultNames : [faultClass]
}

/** One run to do. */
export interface Task {
  readonly seed: number
  readonly faultClass: FaultClass
}

/** What one run came to, as a worker reports it. */
export interface Run extends Task {
  readonly reads: number
  readonly writes: number
  readonly faults: number
  /** In ms. */
  readonly maxStalenessSeen: number
  readonly longestRead: number
  readonly violations: readonly string[]
}

/** Which runs to do. */
export interface CampaignOptions {
  readonly seeds: number
  /** The first seed. @defaultValue `1` */
  readonly first?: number | undefined
  /** Taken in turn. @defaultValue every class */
  readonly classes?: readonly FaultClass[] | undefined
  /** Told the share that is done. */
  onProgress?(share: number): void
}

/** Tasks that a worker is given at a time. */
const batchSize = 50

/** Runs so many seeds on all cores. */
export async function runCampaign({
  seeds,
  first = 1,
  classes = faultClasses,
  onProgress = () => undefined,
}: CampaignOptions): Promise<readonly Run[]> {
  const tasks = Array.from({ length: seeds }, (_, at) => ({
    seed: first + at,
    faultClass: classes[at % classes.length] ?? 'none',
  }))
  const runs: Run[] = []
  const collect = (done: readonly Run[]) => {
    runs.push(...done)
    onProgress(runs.length / seeds)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, () => employ(tasks, collect)))
  return runs.toSorted((a, b) => a.seed - b.seed)
}

/** Gives a worker one batch after the other until there are none. */
function employ(tasks: Task[], collect: (runs: readonly Run[]) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./simulation-worker.js', import.meta.url))
    const next = () => {
      const batch = tasks.splice(0, batchSize)
      if (batch.length > 0) worker.postMessage(batch)
      else worker.terminate().then(() => resolve(), reject)
    }
    worker.on('message', (runs: readonly Run[]) => {
      collect(runs)
      next()
    })
    worker.on('error', reject)
    next()
  })
}
