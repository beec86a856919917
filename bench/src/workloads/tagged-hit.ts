import { atLeast } from '../goals'
import { libraryNamed } from '../libraries'
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
        'no tags, in beats': await hitsInBeats(readPlain, effort.time, () => undefined),
        '1 000 invalidations/s': await hitsInBeats(readTagged, effort.time, (beats) =>
          tagged.invalidate?.(`other-${beats % 1_000}`),
        ),
      }
    },
    end: () => Promise.all([plain.close(), tagged.close()]),
  }
}

/**
 * Hits a second in beats of one ms, with something done before each; the time that takes is not the hits'. A loop that is
 * interrupted a thousand times a second is slower by itself, so what is done in it is compared with nothing done in it.
 */
async function hitsInBeats(
  read: () => unknown,
  time: number,
  between: (beats: number) => unknown,
): Promise<number> {
  const end = performance.now() + time
  let hits = 0
  let spent = 0
  for (let beats = 0, now = performance.now(); now < end; beats += 1) {
    await between(beats)
    const start = performance.now()
    for (now = start; now < start + beat; now = performance.now()) {
      for (let at = 0; at < 100; at += 1) await read()
      hits += 100
    }
    spent += now - start
  }
  return (hits * 1_000) / spent
}

const withinFivePercent = (metric: string, base: string): Goal => ({
  of: metric,
  kind: 'time',
  ...atLeast(0.95),
  goal: '≥ 0.95 of a hit without tags',
  measure: (results) => ratioOf(results, ['larder', metric], ['larder', base]),
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
    { name: 'no tags, in beats', unit: '/s', better: 'more' },
    { name: '1 000 invalidations/s', unit: '/s', better: 'more' },
  ],
  prepare,
  goals: [
    withinFivePercent('3 tags', 'no tags'),
    withinFivePercent('1 000 invalidations/s', 'no tags, in beats'),
  ],
}
