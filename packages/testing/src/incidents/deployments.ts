import type { Stage } from './stage'

/** Process after process is replaced: it closes its cache, serves the requests that it has for a while, and ends. */
export function injectDeployments({ world, random, scheduleAt, recordEvent }: Stage): number {
  for (const link of world.links) link.latency = () => 5 + 20 * random()
  let time = 2_000
  for (; time < 20_000; time += 300 + 1_000 * random()) {
    const index = Math.floor(random() * world.links.length)
    scheduleAt(time, () => {
      const old = world.nodes[index]
      recordEvent(`process ${index} closes its cache, and another one starts`)
      void old?.cache.close()
      scheduleAt(world.timers.time + 500 * random(), () => old?.process.kill())
      world.startNode(index)
    })
  }
  return time + 3_000
}
