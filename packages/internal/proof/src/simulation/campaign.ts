import { type FaultName, faultNames } from '@larder/testing'
import { distribute } from '../workers'

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
  readonly onProgress?: ((share: number) => void) | undefined
}

/** Tasks that a worker is given at a time. */
const batchSize = 50

/** Runs so many seeds on all cores. */
export async function runCampaign({
  seeds,
  first = 1,
  classes = faultClasses,
  onProgress,
}: CampaignOptions): Promise<readonly Run[]> {
  const tasks = Array.from(
    { length: seeds },
    (_, at): Task => ({
      seed: first + at,
      faultClass: classes[at % classes.length] ?? 'none',
    }),
  )
  const batches = Array.from({ length: Math.ceil(seeds / batchSize) }, (_, at) =>
    tasks.slice(at * batchSize, (at + 1) * batchSize),
  )
  const script = new URL('./simulation-worker.js', import.meta.url)
  const runs = await distribute<readonly Task[], readonly Run[]>(script, batches, onProgress)
  return runs.flat()
}
