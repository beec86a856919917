import { drawBetween, type Stage } from './stage'

/**
 * The event loops of the processes stall again and again, for longer than `storeTimeout`, while the server answers every call
 * within milliseconds: replies follow one another, so that the last of twenty takes twenty times as long as one.
 */
export function injectStalls({ world, random, scheduleAt, recordEvent }: Stage): number {
  for (const link of world.links) link.latency = () => 1 + 2 * random()
  let time = 2_000
  for (; time < 12_000; time += 300 + 900 * random()) {
    const index = Math.floor(random() * world.links.length)
    const length = drawBetween(random, 100, 800)
    scheduleAt(time, () => {
      recordEvent(`process ${index} stalls for ${Math.round(length)} ms`)
      world.nodes[index]?.process.freeze('stall')
    })
    scheduleAt(time + length, () => world.nodes[index]?.process.thaw())
  }
  return time + 2_000
}
