import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@larder/servers'
import { type History, type Judgement, judge, seededRandom } from '@larder/testing'
import { items, sharedNow, type ToParent, type ToProcess } from './messages'
import { type TopologyName, topologies } from './topology'

/** How long, on what, and with how many processes. */
export interface TortureOptions {
  readonly topology: TopologyName
  readonly seconds: number
  /** It goes on for longer until so much has happened: how much fits into a time differs from machine to machine. */
  readonly least?: { readonly reads: number; readonly invalidations: number } | undefined
  readonly seed: number
  /** @defaultValue `4` */
  readonly processes?: number | undefined
  /** Leaves out invalidations, to see whether that is noticed. @defaultValue `false` */
  readonly isForgetful?: boolean | undefined
  readonly onProgress?: ((share: number) => void) | undefined
}

/** What a torture came to. */
export interface Torture extends Judgement {
  readonly topology: TopologyName
  readonly history: History
}

/** How long processes may take to recover when nothing is broken any more, in ms. */
const recovery = 20_000

/** Runs real processes on real servers that are mistreated, and judges what every read returned. */
export async function torture(options: TortureOptions): Promise<Torture> {
  const {
    topology,
    seconds,
    seed,
    least = { reads: 0, invalidations: 0 },
    processes = 4,
    isForgetful = false,
    onProgress = () => undefined,
  } = options
  await using servers = await topologies[topology]()
  const random = seededRandom(seed)
  const versions: number[] = Array.from({ length: items }, () => 0)
  const history: History = {
    reads: [],
    writes: [],
    faults: [],
    survivors: Array.from({ length: processes }, () => 0),
  }

  const script = new URL('./torture-process.js', import.meta.url)
  const children = history.survivors.map(() => fork(script, { serialization: 'advanced' }))
  const tell = (node: number, message: ToProcess) => void children[node]?.send(message)

  let well = 0
  const begun = history.survivors.map(() => 0)

  /** The parent is the database, and passes on who wrote what. */
  function hear(node: number, message: ToParent): void {
    if (message.kind === 'done') history.reads.push(...message.reads)
    if (message.kind === 'well') well += 1
    if (message.kind === 'wrote') {
      history.writes.push(message.write)
      begun[node] = message.reads
      for (const other of children.keys())
        if (other !== node) tell(other, { kind: 'news', write: message.write })
    }
    if (message.kind === 'commit') versions[message.item] = (versions[message.item] ?? 0) + 1
    if (message.kind === 'read' || message.kind === 'commit')
      tell(node, { kind: 'version', id: message.id, version: versions[message.item] ?? 0 })
  }

  const exits = children.map((child, node) => {
    child.on('message', (message) => hear(node, message as ToParent))
    tell(node, {
      kind: 'start',
      assignment: { node, address: servers.address, seed: seed * 100 + node, isForgetful },
    })
    return once(child, 'exit')
  })

  const startedAt = sharedNow()
  const share = () => (sharedNow() - startedAt) / (seconds * 1_000)
  const note = (what: string) => void history.faults.push({ at: sharedNow() - startedAt, what })
  const isEnough = () =>
    history.writes.length >= least.invalidations &&
    begun.reduce((sum, reads) => sum + reads, 0) >= least.reads
  await sleep(1_000)
  while (share() < 1 || !isEnough()) {
    const fault = servers.faults[Math.floor(random() * servers.faults.length)]
    note(fault?.name ?? '')
    await fault?.strike()
    await sleep(200 + 2_000 * random())
    await fault?.mend()
    note('mended')
    await sleep(500 + 2_000 * random())
    onProgress(Math.min(1, share()))
  }
  for (const node of children.keys()) tell(node, { kind: 'rest' })
  await until('all processes are well', () => well === processes, recovery)
  // What was acknowledged last reaches the others within the bound.
  await sleep(3_000)
  for (const node of children.keys()) tell(node, { kind: 'finish' })
  for (const [code] of await Promise.all(exits))
    if (code !== 0) throw new Error(`A process ended with code ${code}.`)
  return { topology, history, ...judge(history, { maxStaleness: 2_000, allowsStale: false }) }
}
