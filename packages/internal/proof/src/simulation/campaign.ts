import { type FaultName, faultNames, type IncidentName, incidentNames } from '@larder/testing'
import { runOnWorkers } from '../worker-pool'

/** The faults of a run: none, one class of short faults, all of these, or an incident that takes minutes. */
export type FaultClass = FaultName | 'none' | 'all' | IncidentName

/** The classes of faults that last some seconds at most. */
export const shortFaultClasses: readonly FaultClass[] = ['none', ...faultNames, 'all']

export const faultClasses: readonly FaultClass[] = [...shortFaultClasses, ...incidentNames]

export function isIncident(faultClass: FaultClass): faultClass is IncidentName {
  return incidentNames.some((name) => name === faultClass)
}

/** The faults of a class of short faults, as `simulate` takes them. */
export function faultsOf(faultClass: Exclude<FaultClass, IncidentName>): readonly FaultName[] {
  if (faultClass === 'none') return []
  return faultClass === 'all' ? faultNames : [faultClass]
}

/** One run of the simulation. */
export interface SimulationTask {
  readonly seed: number
  readonly faultClass: FaultClass
}

/** The result of one run, as a worker reports it. */
export interface RunResult extends SimulationTask {
  readonly reads: number
  readonly writes: number
  readonly faults: number
  /** In ms. */
  readonly maxStalenessSeen: number
  readonly longestRead: number
  readonly violations: readonly string[]
}

/** The runs of a campaign. */
interface CampaignOptions {
  readonly seeds: number
  /** The first seed. @defaultValue `1` */
  readonly first?: number | undefined
  /** Assigned to the seeds in rotation. @defaultValue every class of short faults */
  readonly classes?: readonly FaultClass[] | undefined
  /** Called with the share of runs that are done, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** Tasks per message to a worker. */
const batchSize = 50

/** Simulates `seeds` seeds on all cores. */
export async function runCampaign({
  seeds,
  first = 1,
  classes = shortFaultClasses,
  onProgress,
}: CampaignOptions): Promise<readonly RunResult[]> {
  const tasks = Array.from(
    { length: seeds },
    (_, index): SimulationTask => ({
      seed: first + index,
      faultClass: classes[index % classes.length] ?? 'none',
    }),
  )
  const batches = Array.from({ length: Math.ceil(seeds / batchSize) }, (_, index) =>
    tasks.slice(index * batchSize, (index + 1) * batchSize),
  )
  const script = new URL('./simulation-worker.js', import.meta.url)
  const runs = await runOnWorkers<readonly SimulationTask[], readonly RunResult[]>(
    script,
    batches,
    onProgress,
  )
  return runs.flat()
}
