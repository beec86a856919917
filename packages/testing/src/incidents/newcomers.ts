import { linkedTag, tagOf } from '../simulation/items'
import type { Stage } from './stage'

/** Tags on the log before the link: several pages, if these are small. */
const earlierTags = 40
/** Writes begin when the log is that long, in ms. */
const startsAt = 3_000

/**
 * Process 1 is replaced every few seconds, and writes as soon as it has started. The log is long, and the link that its writes
 * depend on is at the end of it. Messages are slow, so that reading the log takes a while.
 */
export function injectNewcomers(stage: Stage): number {
  const { world, random, scheduleAt } = stage
  stage.quietPeriods.push({ from: 0, to: startsAt })
  for (let index = 0; index < earlierTags; index += 1)
    scheduleAt(1_000 + 20 * index, () => void world.nodes[2]?.cache.invalidate(`earlier:${index}`))
  scheduleAt(startsAt - 1_000, () => {
    void renewLink(stage)
    for (const link of world.links) link.latency = () => 5 + 20 * random()
  })
  let time = startsAt
  for (; time < 20_000; time += 1_500 + 1_500 * random()) scheduleAt(time, () => stage.replaceProcess(1))
  return time + 3_000
}

async function renewLink({ world }: Stage): Promise<void> {
  const cache = world.nodes[0]?.cache
  await cache?.unlink(tagOf(0), linkedTag)
  await cache?.link(tagOf(0), linkedTag)
}
