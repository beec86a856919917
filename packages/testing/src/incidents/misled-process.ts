import type { Invalidation, LogMessage } from '@larder/core'
import { pickRandom } from '../clock/seeded-random'
import type { World } from '../simulation/world'
import type { Stage } from './stage'

/** A process sleeps for one to three minutes, while others append more records than any index of recent ones holds. */
export function injectSleep(stage: Stage): number {
  const { world, random, scheduleAt, recordEvent } = stage
  const from = 3_000 + 2_000 * random()
  const length = 61_000 + 120_000 * random()
  const kind = pickRandom(random, ['stop', 'suspend'] as const)
  const appends = 260 + 300 * random()
  scheduleAt(from, () => {
    recordEvent('process 0 sleeps')
    world.nodes[0]?.process.freeze(kind)
  })
  for (let index = 0; index < appends; index += 1)
    scheduleAt(
      from + (length * index) / appends,
      () => void world.nodes[1]?.cache.invalidate(`traffic:${index % 50}`),
    )
  scheduleAt(from + length, () => {
    recordEvent('process 0 wakes')
    world.nodes[0]?.process.thaw()
  })
  return from + length + 3_000
}

/** Calls and replies get lost on standing connections, so that replies reach the wrong calls. */
export function injectDesync({ world, random, scheduleAt, recordEvent }: Stage): number {
  let time = 2_000
  for (; time < 20_000; time += 300 + 3_000 * random()) {
    const index = Math.floor(random() * world.links.length)
    const losesNext = pickRandom(random, ['call', 'reply'] as const)
    scheduleAt(time, () => {
      const link = world.links[index]
      if (link !== undefined) link.losesNext = losesNext
      recordEvent(`process ${index} loses its next ${losesNext}`)
    })
  }
  return time + 8_000
}

/** Pushes arrive of a log of the same name in another database: pub/sub knows no databases. */
export function injectForeignPushes({ world, random, scheduleAt }: Stage): number {
  let time = 2_000
  for (; time < 20_000; time += 200 + 1_000 * random()) scheduleAt(time, () => pushForeign(world, random))
  return time + 4_000
}

/** Of the log in the other database, and of its term. */
const foreignId = 2 ** 40

const foreignInvalidations: readonly Invalidation[] = [
  { scope: 'unlink', mode: 'hard', name: 'group-0:0\u0000linked' },
  { scope: 'tag', mode: 'hard', name: 'group-1' },
]

function pushForeign(world: World, random: () => number): void {
  const position = Math.floor(world.server.now() * 1_000)
  const message: LogMessage = {
    log: foreignId,
    previous: { position: position - 5, term: foreignId },
    cursor: { position, term: foreignId },
    records: [{ ...pickRandom(random, foreignInvalidations), position }],
  }
  world.pushMessage(Math.floor(world.nodes.length * random()), message)
}
