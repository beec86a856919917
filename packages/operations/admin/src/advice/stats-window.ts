import type { Cache, CacheStats } from '@larder/core'
import { checkHealth } from '../observation/health'

/** How far back a window reaches, in ms. */
const windowLength = 15 * 60_000
/** Shortest time between two snapshots that are kept, in ms. */
const snapshotPeriod = 60_000

interface Snapshot {
  /** In ms of the monotonic clock. */
  readonly at: number
  readonly stats: CacheStats
}

/** The counts at the beginning and at the end of a period without an outage. */
export interface StatsWindow {
  readonly from: CacheStats
  readonly to: CacheStats
  /** Length of the period, in ms. */
  readonly elapsed: number
}

/**
 * Measures the latest 15 minutes, so that good days do not hide a bad hour, and a bad start is forgotten. Snapshots are taken
 * when somebody asks: after a long time without a question, the window begins at the last one.
 */
export function createStatsWindow(cache: Cache, now: () => number) {
  const takeSnapshot = (): Snapshot => ({ at: now(), stats: cache.stats() })
  let snapshots: readonly Snapshot[] = [takeSnapshot()]
  // Misses during an outage of the store say nothing about the application.
  cache.on('circuit', ({ state }) => {
    snapshots = state === 'closed' ? [takeSnapshot()] : []
  })

  /** The window up to now; undefined during an outage of the store. */
  return (): StatsWindow | undefined => {
    const latest = takeSnapshot()
    if (checkHealth(latest.stats).status !== 'pass') {
      snapshots = []
      return undefined
    }
    const [first = latest] = dropOutdated(snapshots, latest.at - windowLength)
    const lastKept = snapshots.at(-1)
    if (lastKept === undefined || latest.at - lastKept.at >= snapshotPeriod)
      snapshots = [...dropOutdated(snapshots, latest.at - windowLength), latest]
    return { from: first.stats, to: latest.stats, elapsed: latest.at - first.at }
  }
}

/** The snapshots since `start`, and the last one before it. */
function dropOutdated(snapshots: readonly Snapshot[], start: number): readonly Snapshot[] {
  const index = snapshots.findLastIndex(({ at }) => at <= start)
  return snapshots.slice(Math.max(0, index))
}
