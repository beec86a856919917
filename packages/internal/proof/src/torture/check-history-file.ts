import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * A second checker of the promise. It knows nothing but the file, and shares no code with the cache, its simulation, or the
 * checker of the simulation, so that a mistake in one of them does not hide itself.
 */

/** A line of the file; see `appendHistory`. */
type Line =
  | { readonly kind: 'run'; readonly topology: string }
  | { readonly kind: 'fault' }
  | ({ readonly kind: 'write' } & WriteLine)
  | ({ readonly kind: 'read' } & ReadLine)

/** A committed version of an item, and when its invalidation was acknowledged. Times in ms. */
interface WriteLine {
  readonly node: number
  readonly item: number
  readonly version: number
  readonly resolvedAt: number
  readonly outcome: 'applied' | 'queued' | 'deferred'
}

interface ReadLine {
  readonly node: number
  readonly item: number
  readonly startedAt: number
  readonly demand:
    | 'bounded'
    | 'strong'
    | { readonly after: { readonly item: number; readonly version: number } }
  readonly isLast: boolean
  readonly version?: number
}

/** The judgment of one run of a file. */
export interface RunCheck {
  readonly topology: string
  reads: number
  readonly violations: string[]
}

/** How long other processes may serve the old value after an invalidation was acknowledged, in ms. */
const bound = 2_000

/** Judges every read of every run in the file. */
export async function checkHistoryFile(path: string): Promise<readonly RunCheck[]> {
  const runs: RunCheck[] = []
  let newest = createNewestVersions()
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as Line
    const run = runs.at(-1)
    if (line.kind === 'run') {
      runs.push({ topology: line.topology, reads: 0, violations: [] })
      newest = createNewestVersions()
    }
    if (line.kind === 'write') newest.addWrite(line)
    if (line.kind !== 'read' || run === undefined) continue
    run.reads += 1
    const required = requiredVersion(line, newest)
    if (line.version !== undefined && line.version >= required) continue
    const { node, item, startedAt, version = 'nothing' } = line
    run.violations.push(
      `node ${node}, item ${item}, ${startedAt.toFixed(1)} ms: returned ${version}, must return at least ${required}`,
    )
  }
  return runs
}

/** The oldest version that the read may return. */
function requiredVersion(read: ReadLine, newest: ReturnType<typeof createNewestVersions>): number {
  const { node, item, startedAt, demand, isLast } = read
  const ofToken = typeof demand === 'object' && demand.after.item === item ? demand.after.version : 0
  return Math.max(
    newest.find(`item ${item} of node ${node}`, startedAt),
    newest.find(`item ${item} applied`, startedAt - (demand === 'strong' ? 0 : bound)),
    isLast ? newest.find(`item ${item}`, startedAt) : 0,
    ofToken,
  )
}

/** The newest acknowledged version at any time, of each set of writes that some reads have to see. */
function createNewestVersions() {
  const sets = new Map<string, WriteLine[]>()
  const timelines = new Map<string, readonly { readonly time: number; readonly version: number }[]>()

  function addTo(set: string, write: WriteLine): void {
    const writes = sets.get(set) ?? []
    writes.push(write)
    sets.set(set, writes)
  }

  function timelineOf(set: string) {
    const known = timelines.get(set)
    if (known !== undefined) return known
    let highest = 0
    const inOrder = (sets.get(set) ?? []).toSorted((a, b) => a.resolvedAt - b.resolvedAt)
    const timeline = inOrder.map(({ resolvedAt, version }) => {
      highest = Math.max(highest, version)
      return { time: resolvedAt, version: highest }
    })
    timelines.set(set, timeline)
    return timeline
  }

  return {
    addWrite(write: WriteLine): void {
      const { node, item, outcome } = write
      addTo(`item ${item}`, write)
      addTo(`item ${item} of node ${node}`, write)
      if (outcome === 'applied') addTo(`item ${item} applied`, write)
    },

    /** The newest version of the set that was acknowledged before the time; 0 if none was. */
    find(set: string, time: number): number {
      const timeline = timelineOf(set)
      let [low, high] = [0, timeline.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((timeline[middle]?.time ?? 0) < time) low = middle + 1
        else high = middle
      }
      return timeline[low - 1]?.version ?? 0
    },
  }
}
