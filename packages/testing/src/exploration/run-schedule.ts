import { type CacheOptions, createCache } from '@larder/core'
import { checkHistory } from '../simulation/check-history'
import { faultOf } from '../simulation/faults'
import { emptyHistory } from '../simulation/history'
import { items } from '../simulation/items'
import { readItem, readLast } from '../simulation/reads'
import { closeWorld } from '../simulation/simulate'
import { createSource } from '../simulation/source'
import { ignoreClosed } from '../simulation/start-workload'
import { createWait, type Workload } from '../simulation/workload'
import { createWorld, type MakeCache, type Node, type World } from '../simulation/world'
import { type Choices, createChoices } from './choices'
import { programs, type Step, writtenItems } from './programs'
import type { Schedule, ScheduledFault } from './schedule'

/** The result of one run. */
export interface ScheduleRun {
  /** The number of alternatives of each question that the run asked. */
  readonly asked: readonly number[]
  readonly violations: readonly string[]
}

/** When the programs start: both processes are connected and current then. All times in ms. */
const start = 1_000
/** From then on every message takes the usual time. */
const horizon = start + 120
const faultDuration = 400
/** The longest that other processes may serve an old value, and a read after that. */
const maxStaleness = 500
const boundReadAt = start + 1_200
const lastReadAt = start + 5_000
const end = lastReadAt + 1_500

/** Latencies of a message: the usual one, one that lets others overtake it, and one beyond the timeout of a call. */
const latencies = [1, 20, 150]
/** Pauses before a step. */
const pauses = [0, 25]

const cache = {
  ttl: '1h',
  maxStaleness,
  storeTimeout: 100,
  circuitPause: 200,
  isolate: false,
} satisfies Partial<CacheOptions>
const log = { maxRecords: 100, keyRetention: 60_000, pageSize: 100 }

/** Random numbers of everything that is not explored. At this value pushes get lost while pushes may be lost. */
const constant = () => 0.4

/** Runs the programs of a schedule on two processes and a server, in virtual time, and checks every read. */
export async function runSchedule(
  schedule: Schedule,
  makeCache: MakeCache = createCache,
): Promise<ScheduleRun> {
  const choices = createChoices(schedule.deviations)
  const isExplored = () => world.timers.time >= start && world.timers.time < horizon
  const latency = () => latencies[isExplored() ? choices.choose(latencies.length) : 0] ?? 1
  const world: World = createWorld({ size: 2, random: constant, makeCache, cache, log, latency })
  const history = emptyHistory()
  const source = createSource(items, constant, () => world.timers.time)
  const workload: Workload = { world, source, history, until: end }
  for (const index of [0, 1]) world.startNode(index)
  for (const [index, program] of programs[schedule.program].entries())
    scheduleAt(
      world,
      start,
      () => void runProgram(workload, world.nodes[index], program, choices).catch(ignoreClosed),
    )
  if (schedule.fault !== undefined) scheduleFault(world, schedule.fault)
  await world.timers.runTo(boundReadAt)
  for (const node of world.nodes)
    for (const item of writtenItems) void readItem(workload, node, item, 'bounded')
  await world.timers.runTo(lastReadAt)
  for (const node of world.nodes) for (const item of writtenItems) void readLast(workload, node, item)
  await world.timers.runTo(end)
  history.survivors = world.nodes.map(({ incarnation }) => incarnation)
  const { violations } = checkHistory(history, { maxStaleness, allowsStale: false })
  await closeWorld(world)
  return { asked: choices.asked, violations: violations.map(({ message }) => message) }
}

/** Runs the steps in order, each after a pause. A killed process stays in the step in which it was killed. */
async function runProgram(
  workload: Workload,
  node: Node | undefined,
  program: readonly Step[],
  choices: Choices,
): Promise<void> {
  if (node === undefined) return
  const wait = createWait(node, workload.world)
  for (const step of program) {
    const pause = pauses[choices.choose(pauses.length)] ?? 0
    if (pause > 0) await wait(pause)
    await step(workload, node)
  }
}

function scheduleFault(world: World, { name, at }: ScheduledFault): void {
  scheduleAt(world, start + at, () => {
    const heal = faultOf(name).inject(world)
    if (heal !== undefined) world.timers.schedule(faultDuration, heal, false)
  })
}

function scheduleAt({ timers }: World, time: number, task: () => void): void {
  timers.schedule(time - timers.time, task, false)
}
