import { describe, expect, test, vi } from 'vitest'
import { type ScheduledRun, type WarmOnScheduleOptions, warmOnSchedule } from '../src/index'
import { cacheInVirtualTime, gate } from './support/caches'

const minutes = (count: number) => count * 60_000

/** A schedule that writes down when its runs took place. */
function scheduled(cron: string, { start = '2026-03-10T09:58:30Z', ...more }: Partial<Given> = {}) {
  const { cache, clock } = cacheInVirtualTime(start)
  const task = vi.fn(more.task ?? (() => undefined))
  const runs: ScheduledRun[] = []
  const options = { name: 'test', clock, onRun: (run: ScheduledRun) => runs.push(run), ...more.options }
  const warming = warmOnSchedule(cache, cron, () => [task], options)
  const times = () => runs.map(({ at, outcome }) => `${at.toISOString().slice(5, 16)} ${outcome}`)
  return { cache, clock, task, runs, times, warming }
}

interface Given {
  readonly start: string
  readonly task: () => unknown
  readonly options: Partial<WarmOnScheduleOptions>
}

describe('a schedule', () => {
  test('warms at the times of its cron expression', async () => {
    const { clock, times, task } = scheduled('*/10 * * * *')
    await clock.advance(minutes(32))
    expect(times()).toEqual(['03-10T10:00 done', '03-10T10:10 done', '03-10T10:20 done', '03-10T10:30 done'])
    expect(task).toHaveBeenCalledTimes(4)
  })

  test('takes seconds, days of the week, and short names', async () => {
    const seconds = scheduled('*/20 * * * * *')
    await seconds.clock.advance(minutes(1))
    expect(seconds.task).toHaveBeenCalledTimes(3)
    const weekdays = scheduled('30 4 * * MON-FRI', { start: '2026-03-13T12:00:00Z' })
    await weekdays.clock.advance(minutes(4 * 24 * 60))
    expect(weekdays.times()).toEqual(['03-16T04:30 done', '03-17T04:30 done'])
    const daily = scheduled('@daily')
    await daily.clock.advance(minutes(24 * 60))
    expect(daily.times()).toEqual(['03-11T00:00 done'])
  })

  test('lives by the time zone it is given, also when its clocks change', async () => {
    const options = { timezone: 'Europe/Berlin' }
    const { clock, times } = scheduled('0 4 * * *', { start: '2026-03-27T12:00:00Z', options })
    await clock.advance(minutes(3 * 24 * 60))
    expect(times()).toEqual(['03-28T03:00 done', '03-29T02:00 done', '03-30T02:00 done'])
  })

  test('waits for months', async () => {
    const { clock, times } = scheduled('0 0 1 7 *')
    await clock.advance(minutes(112 * 24 * 60))
    expect(times()).toEqual([])
    await clock.advance(minutes(24 * 60))
    expect(times()).toEqual(['07-01T00:00 done'])
  })

  test('follows a wall clock that is set', async () => {
    const { clock, times } = scheduled('0 * * * *', { start: '2026-03-10T09:05:00Z' })
    clock.setWall(Date.parse('2026-03-10T09:58:30Z'))
    await clock.advance(minutes(3))
    expect(times()).toEqual(['03-10T10:00 done'])
  })

  test('does not make up for times that a process slept through', async () => {
    const { clock, times } = scheduled('*/10 * * * *')
    clock.setWall(Date.parse('2026-03-10T11:04:30Z'))
    await clock.advance(minutes(6))
    expect(times()).toEqual(['03-10T11:10 done'])
  })

  test('does not start a run while the one before is still going', async () => {
    const slow = gate()
    const { clock, times, task } = scheduled('*/10 * * * *', { task: () => slow.opened })
    await clock.advance(minutes(25))
    expect(task).toHaveBeenCalledTimes(1)
    slow.open()
    await clock.advance(minutes(10))
    expect(task).toHaveBeenCalledTimes(2)
    expect(times()).toEqual([
      '03-10T10:10 skipped',
      '03-10T10:20 skipped',
      '03-10T10:00 done',
      '03-10T10:30 done',
    ])
  })

  test('makes up its tasks anew for each run, and tells when it cannot', async () => {
    const { cache, clock } = cacheInVirtualTime('2026-03-10T09:59:00Z')
    const onRun = vi.fn()
    const tasks = vi.fn().mockImplementationOnce(() => {
      throw new Error('no list')
    })
    tasks.mockImplementation(async function* () {
      yield () => 1
    })
    warmOnSchedule(cache, '* * * * *', tasks, { name: 'test', clock, onRun })
    await clock.advance(minutes(2))
    expect(onRun.mock.calls.map(([run]) => run)).toMatchObject([
      { outcome: 'failed', error: new Error('no list') },
      { outcome: 'done', report: { done: 1 } },
    ])
  })

  test('goes on when its listener fails', async () => {
    const onRun = vi.fn(() => {
      throw new Error('no log')
    })
    const { clock, task } = scheduled('* * * * *', { options: { onRun } })
    await clock.advance(minutes(3))
    expect(task).toHaveBeenCalledTimes(3)
  })

  test('ends when it is stopped, with the last task under way', async () => {
    const slow = gate()
    const { clock, task, warming } = scheduled('* * * * *', { task: () => slow.opened })
    await clock.advance(minutes(1))
    warming.stop()
    const ended = vi.fn()
    const end = warming.done.then(ended)
    await clock.advance(minutes(5))
    expect(ended).not.toHaveBeenCalled()
    slow.open()
    await end
    expect(task).toHaveBeenCalledTimes(1)
  })

  test('keeps no process alive', () => {
    expect(scheduled('* * * * *').clock.held).toBe(0)
  })

  test.each([
    ['every ten minutes', 'no cron expression'],
    ['61 * * * *', 'no cron expression'],
    ['', 'no cron expression'],
    ['2027-01-01T00:00:00', 'is a date'],
    ['0 0 30 2 *', 'never comes'],
  ])('at "%s" is refused, saying what to write', (cron, reason) => {
    const refused = expect.objectContaining({ code: 'BAD_OPTION' })
    expect(() => scheduled(cron)).toThrow(refused)
    expect(() => scheduled(cron)).toThrow(reason)
    expect(() => scheduled(cron)).toThrow("Write minute, hour, day of month, month and day of week: '*/10")
  })

  test('in a time zone that is none is refused', () => {
    expect(() => scheduled('* * * * *', { options: { timezone: 'Mars/Olympus' } })).toThrow(
      'Write one of IANA',
    )
  })
})

test('schedules of one cache with different names do not get in each other’s way', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const task = vi.fn()
  for (const name of ['one', 'other']) warmOnSchedule(cache, '* * * * *', () => [task], { name, clock })
  await clock.advance(minutes(3))
  expect(task).toHaveBeenCalledTimes(6)
})

test('what is warmed is warm', async () => {
  const { cache, clock } = cacheInVirtualTime('2026-03-10T09:59:00Z')
  const load = vi.fn(async (id: number) => id)
  const cached = cache.wrap(load, { name: 'load' })
  warmOnSchedule(cache, '* * * * *', () => [1, 2].map((id) => () => cached(id)), { name: 'test', clock })
  await clock.advance(minutes(1))
  await cached(1)
  expect(load).toHaveBeenCalledTimes(2)
})
