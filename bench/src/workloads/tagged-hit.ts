import { atLeast } from '../goals'
import { libraryNamed } from '../libraries'
import type { BenchCache } from '../library'
import { callsPerSecond } from '../measuring/speed'
import { ratioOf } from '../results'
import { recordOf } from '../values/record'
import type { Goal, Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const compute = () => value
/** Hits between two invalidations of the clock, in ms. */
const beat = 1

async function prepare({ participant, effort }: Stage): Promise<Task> {
  const open = await libraryNamed(participant).load()
  const plain = await open(setupOf({ computeOf: () => compute }))
  const tagged = await open(setupOf({ computeOf: () => compute, tags: ['a', 'b', 'c'] }))
  const readPlain = () => plain.read('hot')
  const readTagged = () => tagged.read('hot')
  for (const read of [readPlain, readTagged]) {
    await read()
    await callsPerSecond(read, effort.time)
  }
  return {
    async measure() {
      return {
        'no tags': await callsPerSecond(readPlain, effort.time),
        '3 tags': await callsPerSecond(readTagged, effort.time),
        '1 000 invalidations/s': await hitsWhileInvalidating(tagged, effort.time),
      }
    },
    end: () => Promise.all([plain.close(), tagged.close()]),
  }
}

/** Hits a second while other tags are invalidated, one every ms; the time that the invalidations take is not the hits'. */
async function hitsWhileInvalidating(cache: BenchCache, time: number): Promise<number> {
  const end = performance.now() + time
  let hits = 0
  let spent = 0
  for (let tag = 0, now = performance.now(); now < end; tag += 1) {
    await cache.invalidate?.(`other-${tag % 1_000}`)
    const start = performance.now()
    for (now = start; now < start + beat; now = performance.now()) {
      for (let at = 0; at < 100; at += 1) await cache.read('hot')
      hits += 100
    }
    spent += now - start
  }
  return (hits * 1_000) / spent
}

const withinFivePercent = (metric: string): Goal => ({
  of: metric,
  kind: 'time',
  ...atLeast(0.95),
  goal: '≥ 0.95 of a hit without tags',
  measure: (results) => ratioOf(results, ['larder', metric], ['larder', 'no tags']),
})

export const taggedHit: Workload = {
  name: 'tagged-hit',
  title: 'Hot hit with tags',
  about:
    'The same hit of an entry with 3 tags, and while 1 000 invalidations of other tags arrive per second. Each library is compared with its own hit without tags.',
  needs: ['memory', 'tags'],
  metrics: [
    { name: 'no tags', unit: '/s', better: 'more' },
    { name: '3 tags', unit: '/s', better: 'more' },
    { name: '1 000 invalidations/s', unit: '/s', better: 'more' },
  ],
  prepare,
  goals: [withinFivePercent('3 tags'), withinFivePercent('1 000 invalidations/s')],
}
