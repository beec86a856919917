import { type Period, sharedNow } from './shared-clock'

/** How often the loop is checked, in ms. */
const interval = 5
/** A check that is later than this means that the loop did not run, in ms. */
const tolerance = 15

/** Records when the event loop of this process does not run: it computes, is stopped, or gets no core. */
export function watchEventLoop(): readonly Period[] {
  const stalls: Period[] = []
  let checkedAt = sharedNow()
  setInterval(() => {
    const now = sharedNow()
    if (now - checkedAt > interval + tolerance) stalls.push({ from: checkedAt + interval, to: now })
    checkedAt = now
  }, interval).unref()
  return stalls
}

/** How much of the period the stalls of several processes cover together, in ms. */
export function stalledTime({ from, to }: Period, stalls: readonly Period[]): number {
  let covered = 0
  let end = from
  for (const stall of stalls.filter((each) => each.to > from && each.from < to).toSorted(byStart)) {
    covered += Math.max(0, Math.min(stall.to, to) - Math.max(stall.from, end))
    end = Math.max(end, stall.to)
  }
  return covered
}

const byStart = (a: Period, b: Period) => a.from - b.from
