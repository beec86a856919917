import { virtualClock } from '@larder/testing'
import { expect, test, vi } from 'vitest'
import { type ScheduledRun, warmOnSchedule, warmPopular } from '../src/index'
import { gate } from './support/caches'
import { collector, startFleet } from './support/fleet'

const start = Date.parse('2026-03-10T09:59:30Z')
const minute = 60_000

test('each scheduled time runs once in the whole fleet, and all processes get the report', async () => {
  await using fleet = await startFleet(3)
  const clock = virtualClock({ start })
  const task = vi.fn()
  const runs = collector<ScheduledRun>()
  for (const cache of fleet.caches)
    warmOnSchedule(cache, '* * * * *', () => [task, task], { name: 'all', clock, onRun: runs.add })
  for (const round of [1, 2, 3]) {
    await clock.advance(minute)
    await runs.reaches(3 * round)
    expect(task).toHaveBeenCalledTimes(2 * round)
  }
  expect(runs.items.every((run) => run.outcome === 'done' && run.report.done === 2)).toBe(true)
})

test('a process whose clock is late does not run it again', async () => {
  await using fleet = await startFleet(2)
  const clocks = [virtualClock({ start }), virtualClock({ start: start - 20_000 })]
  const task = vi.fn()
  const runs = collector<ScheduledRun>()
  fleet.caches.forEach((cache, at) => {
    warmOnSchedule(cache, '* * * * *', () => [task], { name: 'all', clock: clocks[at], onRun: runs.add })
  })
  for (const [round, clock] of [...clocks, ...clocks].entries()) {
    await clock.advance(minute)
    await runs.reaches(round + 1)
  }
  expect(task).toHaveBeenCalledTimes(2)
})

test('each process runs it where it is asked to', async () => {
  await using fleet = await startFleet(2)
  const clock = virtualClock({ start })
  const task = vi.fn()
  const runs = collector<ScheduledRun>()
  for (const cache of fleet.caches) {
    const options = { name: 'all', runOn: 'every-process', clock, onRun: runs.add } as const
    warmOnSchedule(cache, '* * * * *', () => [task], options)
  }
  await clock.advance(minute)
  await runs.reaches(2)
  expect(task).toHaveBeenCalledTimes(2)
})

test('a process that is stopped in the middle of a run hands it over', async () => {
  await using fleet = await startFleet(2)
  const clock = virtualClock({ start })
  const started = collector<number>()
  const runs = collector<ScheduledRun>()
  const slow = gate()
  const last = vi.fn()
  const warmings = fleet.caches.map((cache, at) => {
    const first = () => {
      started.add(at)
      return slow.opened
    }
    const options = { name: 'all', clock, concurrency: 1, onRun: runs.add }
    return warmOnSchedule(cache, '0 * * * *', () => [first, last], options)
  })
  await clock.advance(minute)
  await started.reaches(1)
  warmings[started.items[0] ?? 0]?.stop()
  slow.open()
  await runs.reaches(2)
  expect(started.items).toHaveLength(2)
  expect(new Set(started.items).size).toBe(2)
  expect(last).toHaveBeenCalledTimes(1)
})

test('a process that only waits for another one’s run need not wait for it to be stopped', async () => {
  await using fleet = await startFleet(2)
  const clock = virtualClock({ start })
  const started = collector<number>()
  const runs = collector<ScheduledRun>()
  const slow = gate()
  const warmings = fleet.caches.map((cache, at) => {
    const task = () => {
      started.add(at)
      return slow.opened
    }
    return warmOnSchedule(cache, '0 * * * *', () => [task], { name: 'all', clock, onRun: runs.add })
  })
  await clock.advance(minute)
  await started.reaches(1)
  const waiting = warmings[1 - (started.items[0] ?? 0)]
  waiting?.stop()
  await waiting?.done
  expect(runs.items).toEqual([])
  slow.open()
  await runs.reaches(2)
  expect(started.items).toHaveLength(1)
})

test('what is popular everywhere is re-read once', async () => {
  await using fleet = await startFleet(2)
  const clock = virtualClock({ start })
  const rounds = collector<unknown>()
  const source = vi.fn(async (key: string) => key)
  const options = { every: '1h', minCount: 0, clock, onRound: rounds.add } as const
  for (const cache of fleet.caches) {
    const load = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '50m', fresh: true })
    warmPopular(cache, load, options)
    await cache.getOrCompute('popular', () => 'first', { ttl: '50m' })
  }
  await clock.advance(60 * minute)
  await rounds.reaches(2)
  expect(source.mock.calls).toEqual([['popular']])
})
