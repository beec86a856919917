import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { devNull } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { endProcess, startProcess, until } from '@larder/servers'
import { checkHistory, type History, type HistoryCheck, seededRandom } from '@larder/testing'
import { watchEventLoop } from './event-loop-watch'
import { longestHealthyRead } from './healthy-reads'
import { items } from './items'
import type { ToParent, ToProcess } from './messages'
import { processFaults } from './process-faults'
import { type Period, sharedNow } from './shared-clock'
import { type TopologyName, topologies } from './topologies'
import type { Topology } from './topology'

/** Options of {@link runTorture}. */
interface TortureOptions {
  readonly topology: TopologyName
  /** How long faults are injected. */
  readonly seconds: number
  /**
   * The fewest reads and invalidations: faults are injected after `seconds` until there were as many, because the number that
   * fits into a time differs between machines. @defaultValue `0` of each
   */
  readonly least?: { readonly reads: number; readonly invalidations: number } | undefined
  readonly seed: number
  /** Processes with a cache each. @defaultValue `4` */
  readonly processes?: number | undefined
  /** Whether to skip some invalidations, to see whether that is detected. @defaultValue `false` */
  readonly isForgetful?: boolean | undefined
  /** Processes beside it that keep a core busy each. @defaultValue `0` */
  readonly busy?: number | undefined
  /** Called with the share of the time that has passed, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** The result of a torture run. */
export interface TortureResult extends HistoryCheck {
  readonly topology: TopologyName
  readonly history: History
  /** The longest read while the servers were healthy, in ms. */
  readonly longestHealthyRead: number
}

/** How long processes may take to recover after the last fault is healed, in ms. */
const recoveryTimeout = 20_000

/** Runs real processes on real servers, injects faults into the servers, and checks every read of the processes. */
export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const { topology, seed, processes = 4, isForgetful = false, busy = 0 } = options
  await using servers = await topologies[topology]()
  const history: History = {
    reads: [],
    writes: [],
    softWrites: [],
    computations: [],
    faults: [],
    survivors: Array.from({ length: processes }, () => 0),
    closes: [],
    splits: [],
  }
  const databaseStalls = watchEventLoop()
  const busyProcesses = Array.from({ length: busy }, () =>
    startProcess(process.execPath, ['--eval', 'for (;;);'], devNull),
  )
  const script = new URL('./torture-process.js', import.meta.url)
  const children = history.survivors.map(() => fork(script, { serialization: 'advanced' }))
  const send = (node: number, message: ToProcess) => void children[node]?.send(message)
  const parent = createParent(children, history, send)
  const exits = children.map((child, node) => {
    child.on('message', (message) => parent.handleMessage(node, message as ToParent))
    send(node, {
      kind: 'start',
      assignment: { node, processes, address: servers.address, seed: seed * 100 + node, isForgetful },
    })
    return once(child, 'exit')
  })

  const outages = await injectFaults(servers, children, history, parent.countReads, options)
  for (const node of children.keys()) send(node, { kind: 'rest' })
  await until('all processes have recovered', () => parent.recovered === processes, recoveryTimeout)
  // The last acknowledged invalidations reach the other processes within the bound.
  await sleep(3_000)
  for (const node of children.keys()) send(node, { kind: 'finish' })
  for (const [code] of await Promise.all(exits))
    if (code !== 0) throw new Error(`A process of the torture run exited with code ${code}.`)
  await Promise.all(busyProcesses.map(endProcess))
  const { stalls } = parent
  const check = checkHistory(history, { maxStaleness: 2_000, allowsStale: false })
  const healthy = longestHealthyRead(history.reads, { outages, stalls, databaseStalls })
  return { topology, history, ...check, longestHealthyRead: healthy }
}

/** The parent's part: it plays the database, collects the history, and forwards acknowledged writes. */
function createParent(
  children: readonly ChildProcess[],
  history: History,
  send: (node: number, message: ToProcess) => void,
) {
  const versions: number[] = Array.from({ length: items }, () => 0)
  let recovered = 0
  const stalls: (readonly Period[])[] = []
  const begunReads = history.survivors.map(() => 0)

  function forwardWrite(node: number, { write, reads }: Extract<ToParent, { kind: 'wrote' }>): void {
    history.writes.push(write)
    begunReads[node] = reads
    for (const other of children.keys()) if (other !== node) send(other, { kind: 'news', write })
  }

  return {
    get recovered() {
      return recovered
    },
    stalls,
    /** Reads that the processes had begun when they last reported a write. */
    countReads: () => begunReads.reduce((sum, reads) => sum + reads, 0),
    handleMessage(node: number, message: ToParent): void {
      if (message.kind === 'done') {
        for (const read of message.reads) history.reads.push(read)
        stalls[node] = message.stalls
      }
      if (message.kind === 'recovered') recovered += 1
      if (message.kind === 'wrote') forwardWrite(node, message)
      if (message.kind === 'commit') versions[message.item] = (versions[message.item] ?? 0) + 1
      if (message.kind === 'read' || message.kind === 'commit')
        send(node, { kind: 'version', id: message.id, version: versions[message.item] ?? 0 })
    },
  }
}

/**
 * Injects and heals one random fault after the other, until the time is over and enough has happened. Resolves to the periods in
 * which a server had a fault.
 */
async function injectFaults(
  servers: Topology,
  children: readonly ChildProcess[],
  history: History,
  countReads: () => number,
  { seconds, least = { reads: 0, invalidations: 0 }, seed, onProgress = () => undefined }: TortureOptions,
): Promise<readonly Period[]> {
  const random = seededRandom(seed)
  const ofProcesses = processFaults(children, random)
  const faults = [...servers.faults, ...ofProcesses]
  const outages: Period[] = []
  const startedAt = sharedNow()
  const elapsedShare = () => (sharedNow() - startedAt) / (seconds * 1_000)
  const recordFault = (event: string) => void history.faults.push({ time: sharedNow() - startedAt, event })
  const hasEnough = () => history.writes.length >= least.invalidations && countReads() >= least.reads
  await sleep(1_000)
  while (elapsedShare() < 1 || !hasEnough()) {
    const fault = faults[Math.floor(random() * faults.length)]
    if (fault === undefined) continue
    recordFault(fault.name)
    const from = sharedNow()
    await fault.inject()
    await sleep(200 + 2_000 * random())
    await fault.heal()
    if (!ofProcesses.includes(fault)) outages.push({ from, to: sharedNow() })
    recordFault('healed')
    await sleep(500 + 2_000 * random())
    onProgress(Math.min(1, elapsedShare()))
  }
  return outages
}
