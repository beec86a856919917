import type { History } from './history'
import type { MeansName } from './means'
import type { Source, Wait } from './source'
import type { Node, World } from './world'

/** The workload that all processes of a simulation share. */
export interface Workload {
  readonly world: World
  readonly source: Source
  readonly history: History
  /** Random reads and writes stop at this time, in ms. */
  readonly until: number
  /** How many times longer than usual the pauses between reads, and between writes, are. @defaultValue `1` */
  readonly pace?: number | undefined
  /** Periods without writes, in ms. */
  readonly quietPeriods?: readonly { readonly from: number; readonly to: number }[] | undefined
  /** Whether processes clear the cache, which hides other lost invalidations. @defaultValue `true` */
  readonly clears?: boolean | undefined
  /** @defaultValue every item is written, by every means */
  readonly focus?: Focus | undefined
}

/** One item that is written by one means, and read alone or together with others. */
export interface Focus {
  readonly item: number
  readonly means: MeansName
  /** The only process that writes it, with one write at a time. @defaultValue every process */
  readonly process?: number
  /** Whether batches are read whose computation fails after it has read the item. */
  readonly failsBatches?: boolean
}

/** Waits in the time of a process: not while it is frozen, and forever once it is killed or the workload has ended. */
export function createWait({ process }: Node, world: World): Wait {
  return (ms) =>
    new Promise((resolve) => {
      process.clock.timeout(ms, () => {
        if (!world.isOver) resolve()
      })
    })
}
