import { pickRandom } from '../clock/seeded-random'
import { emptyServerState } from '../server/server-state'
import { drawBetween, type Stage } from './stage'

/** Two servers keep the log for 1 to 120 s, one of them sometimes without any data; then all processes use one of them. */
export function injectSplit(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  const from = 3_000 + 3_000 * random()
  const length = random() < 0.5 ? drawBetween(random, 1_000, 60_000) : 61_000 + 60_000 * random()
  const lag = pickRandom(random, [0, 0, 500, 3_000]) * random()
  const clockStep = pickRandom(random, [0, 0.8, -0.8, 30, -30]) * 1_000 * random()
  const outage = 100 + 1_500 * random()
  const movers = random() < 0.5 ? [0] : [0, 1]
  const healedAt = from + lag + length
  stage.quietPeriods.push({
    from: from + 1_000 + length * random() ** 3,
    to: healedAt + outage + 5_000 * random(),
  })
  stage.addTraffic({ from, to: healedAt })
  scheduleAt(from, () => {
    const replica = random() < 0.2 ? emptyServerState() : world.server.takeReplica()
    scheduleAt(from + lag, () => {
      const old = world.server
      const successor = world.promoteServer(stage.takeOver(replica), world.skew.server + clockStep)
      recordEvent(`processes ${movers} use another server, clock ${Math.round(clockStep)} ms`)
      for (const index of movers) {
        world.routes[index] = successor
        world.disconnectNode(index)
      }
      scheduleAt(healedAt, () => {
        const remaining = random() < 0.2 ? old : successor
        recordEvent(`all processes use the ${remaining === old ? 'old' : 'new'} server`)
        world.routes.fill(remaining)
        stage.refuseAll(outage)
      })
    })
  })
  stage.splits.push({ from, to: healedAt + outage + 5_000 })
  const replaced = Math.floor(random() * world.links.length)
  scheduleAt(healedAt + outage + 6_500, () => stage.replaceProcess(replaced))
  return healedAt + outage + 6_000
}
