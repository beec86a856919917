import { atLeast } from '../goals'
import { libraryNamed } from '../libraries'
import { callsPerSecond } from '../measuring/calls-per-second'
import { ratioOf } from '../results'
import { recordOf } from '../values/record'
import type { Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const computeValue = () => value
/** The time between two invalidations, in ms. */
const interval = 1

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const openCache = await libraryNamed(participant).load()
  const plain = await openCache(setupOf({ computeOf: () => computeValue }))
  const tagged = await openCache(setupOf({ computeOf: () => computeValue, tags: ['a', 'b', 'c'] }))
  const readPlain = () => plain.read('hot')
  const readTagged = () => tagged.read('hot')
  for (const read of [readPlain, readTagged]) {
    await read()
    await callsPerSecond(read, effort.time)
  }
  return {
    async measureRound() {
      return {
        'no tags': await callsPerSecond(readPlain, effort.time),
        '3 tags': await callsPerSecond(readTagged, effort.time),
        'no tags, in beats': await hitsInBeats(readPlain, effort.time, () => undefined),
        '1 000 invalidations/s': await hitsInBeats(readTagged, effort.time, (beats) =>
          tagged.invalidate?.(`other-${beats % 1_000}`),
        ),
      }
    },
    close: () => Promise.all([plain.close(), tagged.close()]),
  }
}

/**
 * Hits per second in intervals of one ms, with `between` called before each interval and not timed. Interrupting the loop
 * a thousand times a second slows it down by itself, so the result is compared with one whose `between` does nothing.
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
    for (now = start; now < start + interval; now = performance.now()) {
      for (let index = 0; index < 100; index += 1) await read()
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
  evaluate: (results) => ratioOf(results, ['larder', metric], ['larder', base]),
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
  prepareTask,
  goals: [
    withinFivePercent('3 tags', 'no tags'),
    withinFivePercent('1 000 invalidations/s', 'no tags, in beats'),
  ],
}
