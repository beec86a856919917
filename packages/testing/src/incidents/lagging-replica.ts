import { pickRandom } from '../clock/seeded-random'
import type { ServerState } from '../server/server-state'
import { drawBetween, type Stage } from './stage'

/**
 * A replica that has received nothing for up to 140 s takes over. Meanwhile the processes that saw the lost records may be
 * replaced one by one. In two of five runs, another failover follows before or while the lost records are reissued.
 */
export function injectLaggingReplica(stage: Stage): number {
  const { world, random } = stage
  const from = 3_000 + 3_000 * random()
  const lag = random() < 0.5 ? drawBetween(random, 500, 60_000) : 61_000 + 80_000 * random()
  const outage = pickRandom(random, [200, 1_500, 10_000, 31_000]) * (0.5 + random())
  stage.quietPeriods.push({
    from: from + 1_000 + lag * random() ** 3,
    to: from + lag + 500 + outage + 5_000 * random(),
  })
  stage.addTraffic({ from, to: from + lag })
  scheduleFailover(stage, { from, lag, outage })
  let healedAt = from + lag + 500 + outage
  if (random() < 0.4) healedAt = scheduleSecondFailover(stage, healedAt + 2_500 * random() ** 2)
  const replaced = Math.floor(random() * world.links.length)
  stage.scheduleAt(healedAt + 6_500, () => stage.replaceProcess(replaced))
  return healedAt + 6_000
}

/** Times in ms. */
interface Failover {
  readonly from: number
  readonly lag: number
  readonly outage: number
}

function scheduleFailover(stage: Stage, { from, lag, outage }: Failover): void {
  const { world, random, scheduleAt, recordEvent } = stage
  const clockStep = pickRandom(random, [0, 0.8, 0.8, 60, -60]) * 1_000 * random()
  const pushLoss = pickRandom(random, [0, 0.5, 1])
  const replacesProcesses = lag > 20_000 && random() < 0.4
  scheduleAt(from, () => {
    const replica = world.server.takeReplica()
    recordEvent(`the replica falls behind, for ${Math.round(lag)} ms`)
    if (replacesProcesses)
      for (const index of world.links.keys())
        scheduleAt(from + (lag * (index + 1)) / 5, () => stage.replaceProcess(index))
    scheduleAt(from + lag, () => {
      world.pushLoss = pushLoss
    })
    scheduleAt(from + lag + 500 * random(), () => {
      world.pushLoss = 0
      world.server.failOver(stage.takeOver(replica))
      world.skew.server += clockStep
      recordEvent(`failover after an outage of ${Math.round(outage)} ms, clock ${Math.round(clockStep)} ms`)
      stage.refuseAll(outage)
    })
  })
}

function scheduleSecondFailover({ world, random, ...stage }: Stage, time: number): number {
  const outage = 100 + 1_000 * random()
  let replica: ServerState | undefined
  stage.scheduleAt(time - 1_500 * random(), () => {
    replica = world.server.takeReplica()
  })
  stage.scheduleAt(time, () => {
    if (replica !== undefined) world.server.failOver(stage.takeOver(replica))
    stage.recordEvent('another failover')
    stage.refuseAll(outage)
  })
  return time + outage
}
