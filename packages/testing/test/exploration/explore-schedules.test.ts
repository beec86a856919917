import { type Cache, type CacheOptions, createCache } from '@larder/core'
import { describe, expect, test } from 'vitest'
import { deviateOnce } from '../../src/exploration/choices'
import { exploreSchedules, usualSchedules } from '../../src/exploration/explore-schedules'
import { runSchedule } from '../../src/exploration/run-schedule'
import { formatSchedule, parseSchedule, type Schedule } from '../../src/exploration/schedule'

const usual: Schedule = { program: 'tags', fault: undefined, deviations: [] }

/** A cache whose invalidations reach no other process. */
function makeDeafCache(options: CacheOptions): Cache {
  const cache = createCache(options)
  return Object.assign(Object.create(cache), {
    invalidate: async () => ({ outcome: 'applied', token: undefined }),
    delete: async () => ({ outcome: 'applied', token: undefined }),
  }) as Cache
}

test('every combination of deviations is reached once', () => {
  const asked = [3, 2, 2]
  const reached: string[] = []
  const visit = (deviations: ReturnType<typeof deviateOnce>[number]): void => {
    reached.push(JSON.stringify(deviations))
    for (const further of deviateOnce(deviations, asked)) visit(further)
  }
  visit([])
  expect(reached).toHaveLength(3 * 2 * 2)
  expect(new Set(reached).size).toBe(3 * 2 * 2)
})

describe('a schedule', () => {
  test.each(['tags/none/', 'keys/failover@25/3:1,7:2'])('%s is read as it is written', (text) => {
    expect(formatSchedule(parseSchedule(text))).toBe(text)
  })

  test.each(['', 'tags', 'tags/earthquake@5/', 'other/none/', 'tags/none/1'])(
    '%o is refused with the form that is expected',
    (text) => {
      expect(() => parseSchedule(text)).toThrow(/looks like tags\/failover@40\/12:1,40:2/)
    },
  )

  test('gives the same run each time', async () => {
    const schedule = parseSchedule('links/failover@25/3:1,7:2')
    expect(await runSchedule(schedule)).toEqual(await runSchedule(schedule))
  })
})

test('the usual order of events has no violations, with and without a fault', async () => {
  const found = await Promise.all(
    usualSchedules(['failover', 'loss']).map((schedule) => runSchedule(schedule)),
  )
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(Math.min(...found.map(({ asked }) => asked.length))).toBeGreaterThan(20)
})

test('a cache that does not invalidate is found, with the schedule that shows it', async () => {
  const { failed } = await exploreSchedules(usual, { bound: 1, maxFailed: 1, makeCache: makeDeafCache })
  expect(failed).toHaveLength(1)
  const [first] = failed
  const again = await runSchedule(parseSchedule(first?.schedule ?? ''), makeDeafCache)
  expect(again.violations[0]).toBe(first?.violation)
})

test('a process that was killed within a transaction fails no schedule when its cache is closed', async () => {
  for (const schedule of usualSchedules(['crash']).filter(({ program }) => program === 'clears')) {
    const { failed } = await exploreSchedules(schedule, { bound: 1 })
    expect(failed).toEqual([])
  }
})
