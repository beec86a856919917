import { pickRandom } from '../clock/seeded-random'
import { usualLatency } from '../simulation/world'
import type { Stage } from './stage'

/**
 * One process stays on the old server while the others use its successor, whose clock may be ahead: positions there are higher
 * than those of later writes on the old server. When the process changes to the successor, its messages are slow, so that the
 * records that it has to reissue arrive late or not at first.
 */
export function injectRejoin(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  const from = 2_000 + 2_000 * random()
  const rejoinsAt = from + 1_000 + 3_000 * random()
  const healedAt = rejoinsAt + 4_000
  const clockStep = pickRandom(random, [0, 3_000, 30_000])
  scheduleAt(from, () => {
    world.promoteServer(stage.takeOver(world.server.takeReplica()), world.skew.server + clockStep)
    recordEvent(`processes 1 and 2 use another server, clock ${clockStep} ms`)
    for (const index of [1, 2]) changeServer(stage, index)
  })
  scheduleAt(rejoinsAt, () => {
    recordEvent('process 0 changes to it, by slow messages')
    const [link] = world.links
    if (link !== undefined) link.latency = () => 20 + 200 * random() ** 2
    changeServer(stage, 0)
    scheduleAt(healedAt, () => {
      if (link !== undefined) link.latency = usualLatency(random)
    })
  })
  stage.splits.push({ from, to: healedAt + 5_000 })
  return healedAt + 5_000
}

function changeServer({ world }: Stage, index: number): void {
  world.routes[index] = world.server
  world.disconnectNode(index)
}
