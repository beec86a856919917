import { emptyServerState } from '../server/server-state'
import { drawBetween, type Stage } from './stage'

/**
 * Everything restarts, so that no process remembers: the server from a snapshot of up to 100 s ago, or from an old
 * append-only file. Its clock may have been ahead before, and may be wrong afterwards.
 */
export function injectRestore(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  if (random() < 0.5)
    setClockAhead(stage, { from: 1_500, to: 3_500, by: drawBetween(random, 5_000, 600_000) })
  const from = 6_000 + 3_000 * random()
  const isAppendOnlyFile = random() < 0.3
  const age = isAppendOnlyFile ? drawBetween(random, 70_000, 150_000) : drawBetween(random, 300, 100_000)
  const outage = drawBetween(random, 100, 20_000)
  const clockStep = random() < 0.3 ? 7_200_000 * (random() - 0.5) : 0
  scheduleAt(from, () => {
    const saved = world.server.takeReplica()
    recordEvent(isAppendOnlyFile ? 'copy of the append-only file' : 'snapshot')
    scheduleAt(from + age, () => {
      recordEvent('everything stops')
      stage.killProcesses()
      stage.refuseAll(outage)
      scheduleAt(from + age + outage, () => {
        world.skew.server += clockStep
        world.server.restartFrom(stage.takeOver(saved), isAppendOnlyFile)
        recordEvent(`everything restarts, clock ${Math.round(clockStep)} ms`)
        stage.startProcesses(1_000)
      })
    })
  })
  return from + age + outage + 3_000
}

/** The server loses everything: by a flush, or by a restart without data. Its clock may have been set back before. */
export function injectWipe(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  const from = 4_000 + 4_000 * random()
  const setBack = random() < 0.5 ? drawBetween(random, 100, 600_000) : 0
  const isRestart = random() < 0.5
  scheduleAt(from, () => {
    world.skew.server -= setBack
    if (isRestart) world.server.restartFrom(stage.takeOver(emptyServerState()), false)
    else world.server.flush()
    recordEvent(`${isRestart ? 'restart without data' : 'flush'}, clock ${Math.round(-setBack)} ms`)
    if (isRestart) stage.refuseAll(200)
  })
  const replaced = Math.floor(random() * world.links.length)
  scheduleAt(from + 7_000, () => stage.replaceProcess(replaced))
  return from + 7_000
}

/** A server takes over with its clock far ahead and loses nothing; then the clock is set right. */
export function injectClockStep(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  const from = 3_000 + 3_000 * random()
  setClockAhead(stage, { from, to: from + 2_500, by: drawBetween(random, 10_000, 3_600_000) })
  scheduleAt(from, () => {
    world.server.failOver(world.server.takeReplica())
    recordEvent('failover without a loss')
    stage.refuseAll(200)
  })
  return from + 9_000
}

function setClockAhead(
  { world, scheduleAt, recordEvent }: Stage,
  { from, to, by }: { readonly from: number; readonly to: number; readonly by: number },
): void {
  scheduleAt(from, () => {
    world.skew.server += by
    recordEvent(`the server's clock is ${Math.round(by)} ms ahead`)
  })
  scheduleAt(to, () => {
    world.skew.server -= by
    recordEvent("the server's clock is set right")
  })
}
