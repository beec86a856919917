import type { Node } from '../simulation/world'
import type { Stage } from './stage'

/** How long the server refuses calls around the close of a cache, in ms: less than a round trip, so that a second try succeeds. */
const refusal = 10

/** Process after process is replaced: it closes its cache, serves the requests that it has for a while, and ends. */
export function injectDeployments(stage: Stage): number {
  const { world, random, scheduleAt } = stage
  for (const link of world.links) link.latency = () => refusal / 2 + 20 * random()
  let time = 2_000
  for (; time < 20_000; time += 300 + 1_000 * random()) {
    const index = Math.floor(random() * world.links.length)
    scheduleAt(time - refusal * random(), () => refuseBriefly(stage, index))
    scheduleAt(time, () => {
      const old = world.nodes[index]
      if (old !== undefined) replaceInOrder(stage, old)
    })
  }
  return time + 3_000
}

function refuseBriefly({ world, scheduleAt }: Stage, index: number): void {
  const link = world.links[index]
  if (link === undefined) return
  link.isRefused = true
  scheduleAt(world.timers.time + refusal, () => {
    link.isRefused = false
  })
}

function replaceInOrder({ world, random, scheduleAt, recordEvent, closeCache }: Stage, old: Node): void {
  recordEvent(`process ${old.index} closes its cache, and another one starts`)
  void closeCache(old).then(() => scheduleAt(world.timers.time + 500 * random(), () => old.process.kill()))
  world.startNode(old.index)
}
