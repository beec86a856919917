import { pickRandom } from '../clock/seeded-random'
import { type Fault, type FaultName, faultOf } from './faults'
import type { History } from './history'
import type { World } from './world'

/** The period in which faults are injected; all are healed at its end. In ms. */
interface Period {
  readonly from: number
  readonly to: number
}

/** The longest fault that loses records, in ms. */
const longestLoss = 2_500
/** The time within which every process that saw the lost records has reissued them, in ms. */
const repairTime = 3_000

/** Injects and heals faults at random times within the period. */
export function scheduleFaults(
  world: World,
  history: History,
  names: readonly FaultName[],
  period: Period,
): void {
  const { timers, random } = world
  let silencedCount = 0
  let quietUntil = 0

  const scheduleAt = (time: number, task: () => void) => timers.schedule(time - timers.time, task, false)
  const recordFault = (event: string) => void history.faults.push({ time: timers.time, event })

  function canInject({ losesRecords, silencesProcesses }: Fault): boolean {
    if (timers.time < quietUntil && (losesRecords || silencesProcesses)) return false
    return !losesRecords || (silencedCount === 0 && timers.time + longestLoss <= period.to)
  }

  function injectFault(name: FaultName): void {
    const fault = faultOf(name)
    if (!canInject(fault)) return
    recordFault(name)
    const heal = fault.inject(world)
    const length = fault.losesRecords ? 500 + (longestLoss - 500) * random() : 50 + 3_500 * random() ** 2
    if (fault.losesRecords) quietUntil = timers.time + length + repairTime
    if (heal === undefined) return
    if (fault.silencesProcesses) silencedCount += 1
    scheduleAt(Math.min(timers.time + length, period.to), () => {
      if (fault.silencesProcesses) silencedCount -= 1
      recordFault(`${name} healed`)
      heal()
    })
  }

  if (names.length === 0) return
  for (let time = period.from + 400 * random(); time < period.to; time += 100 + 1_500 * random())
    scheduleAt(time, () => injectFault(pickRandom(random, names)))
}
