import type { History } from './history'
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
  /** The item that is written softly first, and read alone or together with others. @defaultValue every item, by every means */
  readonly softItem?: number | undefined
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
