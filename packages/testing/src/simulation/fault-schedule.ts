import { type Fault, type FaultName, faultOf, pick } from './faults'
import type { History } from './history'
import type { World } from './world'

/** When faults may strike, and until when all is mended, in ms. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** How long it takes at most to lose records, and how long after it all who saw them have repeated them, in ms. */
const longestLoss = 2_500
const aftermath = 3_000

/** Breaks and mends things at random within the period. */
export function scheduleFaults(
  world: World,
  history: History,
  names: readonly FaultName[],
  period: Period,
): void {
  const { timers, random } = world
  let silenced = 0
  let quietUntil = 0

  const at = (time: number, task: () => void) => timers.schedule(time - timers.time, task, false)
  const note = (what: string) => void history.faults.push({ at: timers.time, what })

  function mayStrike({ loses, silences }: Fault): boolean {
    if (timers.time < quietUntil && (loses || silences)) return false
    return !loses || (silenced === 0 && timers.time + longestLoss <= period.to)
  }

  function strike(name: FaultName): void {
    const fault = faultOf(name)
    if (!mayStrike(fault)) return
    note(name)
    const mend = fault.strike(world)
    const length = fault.loses ? 500 + (longestLoss - 500) * random() : 50 + 3_500 * random() ** 2
    if (fault.loses) quietUntil = timers.time + length + aftermath
    if (mend === undefined) return
    if (fault.silences) silenced += 1
    at(Math.min(timers.time + length, period.to), () => {
      if (fault.silences) silenced -= 1
      note(`${name} mended`)
      mend()
    })
  }

  if (names.length === 0) return
  for (let time = period.from + 400 * random(); time < period.to; time += 100 + 1_500 * random())
    at(time, () => strike(pick(random, names)))
}
