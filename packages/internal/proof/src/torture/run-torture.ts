import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@larder/servers'
import { checkHistory, type History, type HistoryCheck, seededRandom } from '@larder/testing'
import { items, sharedNow, type ToParent, type ToProcess } from './messages'
import { type Topology, type TopologyName, topologies } from './topology'

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
  /** Called with the share of the time that has passed, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** The result of a torture run. */
export interface TortureResult extends HistoryCheck {
  readonly topology: TopologyName
  readonly history: History
}

/** How long processes may take to recover after the last fault is healed, in ms. */
const recoveryTimeout = 20_000

/** Runs real processes on real servers, injects faults into the servers, and checks every read of the processes. */
export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const { topology, seed, processes = 4, isForgetful = false } = options
  await using servers = await topologies[topology]()
  const history: History = {
    reads: [],
    writes: [],
    computations: [],
    faults: [],
    survivors: Array.from({ length: processes }, () => 0),
    splits: [],
  }
  const script = new URL('./torture-process.js', import.meta.url)
  const children = history.survivors.map(() => fork(script, { serialization: 'advanced' }))
  const send = (node: number, message: ToProcess) => void children[node]?.send(message)
  const parent = createParent(children, history, send)
  const exits = children.map((child, node) => {
    child.on('message', (message) => parent.handleMessage(node, message as ToParent))
    send(node, {
      kind: 'start',
      assignment: { node, address: servers.address, seed: seed * 100 + node, isForgetful },
    })
    return once(child, 'exit')
  })

  await injectFaults(servers, history, parent.countReads, options)
  for (const node of children.keys()) send(node, { kind: 'rest' })
  await until('all processes have recovered', () => parent.recovered === processes, recoveryTimeout)
  // The last acknowledged invalidations reach the other processes within the bound.
  await sleep(3_000)
  for (const node of children.keys()) send(node, { kind: 'finish' })
  for (const [code] of await Promise.all(exits))
    if (code !== 0) throw new Error(`A process of the torture run exited with code ${code}.`)
  return { topology, history, ...checkHistory(history, { maxStaleness: 2_000, allowsStale: false }) }
}

/** The parent's part: it plays the database, collects the history, and forwards acknowledged writes. */
function createParent(
  children: readonly ChildProcess[],
  history: History,
  send: (node: number, message: ToProcess) => void,
) {
  const versions: number[] = Array.from({ length: items }, () => 0)
  let recovered = 0
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
    /** Reads that the processes had begun when they last reported a write. */
    countReads: () => begunReads.reduce((sum, reads) => sum + reads, 0),
    handleMessage(node: number, message: ToParent): void {
      if (message.kind === 'done') history.reads.push(...message.reads)
      if (message.kind === 'recovered') recovered += 1
      if (message.kind === 'wrote') forwardWrite(node, message)
      if (message.kind === 'commit') versions[message.item] = (versions[message.item] ?? 0) + 1
      if (message.kind === 'read' || message.kind === 'commit')
        send(node, { kind: 'version', id: message.id, version: versions[message.item] ?? 0 })
    },
  }
}

/** Injects and heals one random fault after the other, until the time is over and enough has happened. */
async function injectFaults(
  servers: Topology,
  history: History,
  countReads: () => number,
  { seconds, least = { reads: 0, invalidations: 0 }, seed, onProgress = () => undefined }: TortureOptions,
): Promise<void> {
  const random = seededRandom(seed)
  const startedAt = sharedNow()
  const elapsedShare = () => (sharedNow() - startedAt) / (seconds * 1_000)
  const recordFault = (event: string) => void history.faults.push({ time: sharedNow() - startedAt, event })
  const hasEnough = () => history.writes.length >= least.invalidations && countReads() >= least.reads
  await sleep(1_000)
  while (elapsedShare() < 1 || !hasEnough()) {
    const fault = servers.faults[Math.floor(random() * servers.faults.length)]
    recordFault(fault?.name ?? '')
    await fault?.inject()
    await sleep(200 + 2_000 * random())
    await fault?.heal()
    recordFault('healed')
    await sleep(500 + 2_000 * random())
    onProgress(Math.min(1, elapsedShare()))
  }
}
