import { type FaultName, faultOf, pick } from './faults'
import type { History } from './history'
import type { World } from './world'

/** When faults may strike, and until when all is mended, in ms. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** How long a fault that comes alone lasts at most, and how long after it nothing else may go wrong, in ms. */
const longestAlone = 1_200
const aftermath = 3_000

/** Breaks and mends things at random within the period. */
export function scheduleFaults(
  world: World,
  history: History,
  names: readonly FaultName[],
  period: Period,
): void {
  const { timers, random } = world
  const mending = new Set<() => void>()
  let quietUntil = 0

  const at = (time: number, task: () => void) => timers.schedule(time - timers.time, task, false)
  const note = (what: string) => void history.faults.push({ at: timers.time, what })

  function strike(name: FaultName): void {
    const fault = faultOf(name)
    const isAlone = fault.isAlone === true
    if (timers.time < quietUntil) return
    if (isAlone && (mending.size > 0 || timers.time + longestAlone > period.to)) return
    note(name)
    const mend = fault.strike(world)
    const length = isAlone ? 500 + (longestAlone - 500) * random() : 50 + 3_500 * random() ** 2
    if (isAlone) quietUntil = timers.time + length + aftermath
    if (mend === undefined) return
    const mendOnce = () => {
      if (!mending.delete(mendOnce)) return
      note(`${name} mended`)
      mend()
    }
    mending.add(mendOnce)
    at(Math.min(timers.time + length, period.to), mendOnce)
  }

  if (names.length === 0) return
  for (let time = period.from + 400 * random(); time < period.to; time += 100 + 1_500 * random())
    at(time, () => strike(pick(random, names)))
}
