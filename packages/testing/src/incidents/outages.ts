import { drawBetween, type Stage } from './stage'

/**
 * Again and again the server refuses the calls of process 0 for a moment, and messages are slow: of two calls that are on their
 * way at once, often one is refused.
 */
export function injectFlickers({ world, random, scheduleAt }: Stage): number {
  const [link] = world.links
  if (link !== undefined) link.latency = () => 5 + 20 * random()
  let time = 2_000
  for (; time < 20_000; time += 40 + 120 * random()) {
    scheduleAt(time, () => {
      if (link !== undefined) link.isRefused = true
    })
    scheduleAt(time + drawBetween(random, 10, 40), () => {
      if (link !== undefined) link.isRefused = false
    })
  }
  return time + 3_000
}

/** Again and again, until `end`, the log is out of reach of process 0 for a moment: its calls are refused, or arrive late. */
export function injectOutages({ world, random, scheduleAt, recordEvent }: Stage, end = 20_000): number {
  const [link] = world.links
  let time = 2_000
  for (; time < end; time += 500 + 1_000 * random()) {
    const length = drawBetween(random, 50, 500)
    const isRefusal = random() < 0.5
    scheduleAt(time, () => {
      recordEvent(`process 0 is ${isRefusal ? 'refused' : 'cut off'} for ${Math.round(length)} ms`)
      if (link === undefined) return
      if (isRefusal) link.isRefused = true
      else link.partition()
    })
    scheduleAt(time + length, () => {
      if (link === undefined) return
      if (isRefusal) link.isRefused = false
      else link.heal()
    })
  }
  return time + 3_000
}
