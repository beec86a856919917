import { drawBetween, type Stage } from './stage'

/** Again and again the log is out of reach of process 0 for a moment: its calls are refused, or arrive late. */
export function injectOutages({ world, random, scheduleAt, recordEvent }: Stage): number {
  const [link] = world.links
  let time = 2_000
  for (; time < 20_000; time += 500 + 1_000 * random()) {
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
