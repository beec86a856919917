import { describe, expect, test, vi } from 'vitest'
import { type ScheduledRun, type WarmOnScheduleOptions, warmOnSchedule } from '../src/index'
import { createGate, createVirtualCache } from './support/caches'

const minutes = (count: number) => count * 60_000

/** Starts a schedule that records its runs. */
function startSchedule(
  cron: string,
  { start = '2026-03-10T09:58:30Z', ...given }: Partial<ScheduleOptions> = {},
) {
  const { cache, clock } = createVirtualCache(start)
  const task = vi.fn(given.task ?? (() => undefined))
  const runs: ScheduledRun[] = []
  const options = { name: 'test', clock, onRun: (run: ScheduledRun) => runs.push(run), ...given.options }
  const warming = warmOnSchedule(cache, cron, () => [task], options)
  const listRuns = () => runs.map(({ at, outcome }) => `${at.toISOString().slice(5, 16)} ${outcome}`)
  return { cache, clock, task, runs, listRuns, warming }
}

interface ScheduleOptions {
  readonly start: string
  readonly task: () => unknown
  readonly options: Partial<WarmOnScheduleOptions>
}

describe('a schedule', () => {
  test('warms at the times of its cron expression', async () => {
    const { clock, listRuns, task } = startSchedule('*/10 * * * *')
    await clock.advance(minutes(32))
    expect(listRuns()).toEqual([
      '03-10T10:00 done',
      '03-10T10:10 done',
      '03-10T10:20 done',
      '03-10T10:30 done',
    ])
    expect(task).toHaveBeenCalledTimes(4)
  })

  test('accepts seconds, days of the week, and nicknames such as @daily', async () => {
    const seconds = startSchedule('*/20 * * * * *')
    await seconds.clock.advance(minutes(1))
    expect(seconds.task).toHaveBeenCalledTimes(3)
    const weekdays = startSchedule('30 4 * * MON-FRI', { start: '2026-03-13T12:00:00Z' })
    await weekdays.clock.advance(minutes(4 * 24 * 60))
    expect(weekdays.listRuns()).toEqual(['03-16T04:30 done', '03-17T04:30 done'])
    const daily = startSchedule('@daily')
    await daily.clock.advance(minutes(24 * 60))
    expect(daily.listRuns()).toEqual(['03-11T00:00 done'])
  })

  test('follows its time zone, also across a change to daylight saving time', async () => {
    const options = { timezone: 'Europe/Berlin' }
    const { clock, listRuns } = startSchedule('0 4 * * *', { start: '2026-03-27T12:00:00Z', options })
    await clock.advance(minutes(3 * 24 * 60))
    expect(listRuns()).toEqual(['03-28T03:00 done', '03-29T02:00 done', '03-30T02:00 done'])
  })

  test('waits for a time that is months ahead', async () => {
    const { clock, listRuns } = startSchedule('0 0 1 7 *')
    await clock.advance(minutes(112 * 24 * 60))
    expect(listRuns()).toEqual([])
    await clock.advance(minutes(24 * 60))
    expect(listRuns()).toEqual(['07-01T00:00 done'])
  })

  test('follows the wall clock when it is set', async () => {
    const { clock, listRuns } = startSchedule('0 * * * *', { start: '2026-03-10T09:05:00Z' })
    clock.setWall(Date.parse('2026-03-10T09:58:30Z'))
    await clock.advance(minutes(3))
    expect(listRuns()).toEqual(['03-10T10:00 done'])
  })

  test('does not make up for times that passed while the process was suspended', async () => {
    const { clock, listRuns } = startSchedule('*/10 * * * *')
    clock.setWall(Date.parse('2026-03-10T11:04:30Z'))
    await clock.advance(minutes(6))
    expect(listRuns()).toEqual(['03-10T11:10 done'])
  })

  test('skips a run while the previous one is still going', async () => {
    const slow = createGate()
    const { clock, listRuns, task } = startSchedule('*/10 * * * *', { task: () => slow.opened })
    await clock.advance(minutes(25))
    expect(task).toHaveBeenCalledTimes(1)
    slow.open()
    await clock.advance(minutes(10))
    expect(task).toHaveBeenCalledTimes(2)
    expect(listRuns()).toEqual([
      '03-10T10:10 skipped',
      '03-10T10:20 skipped',
      '03-10T10:00 done',
      '03-10T10:30 done',
    ])
  })

  test('creates its tasks for each run, and reports when that fails', async () => {
    const { cache, clock } = createVirtualCache('2026-03-10T09:59:00Z')
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

  test('continues when its listener throws', async () => {
    const onRun = vi.fn(() => {
      throw new Error('no log')
    })
    const { clock, task } = startSchedule('* * * * *', { options: { onRun } })
    await clock.advance(minutes(3))
    expect(task).toHaveBeenCalledTimes(3)
  })

  test('ends after a stop when the last task has ended', async () => {
    const slow = createGate()
    const { clock, task, warming } = startSchedule('* * * * *', { task: () => slow.opened })
    await clock.advance(minutes(1))
    warming.stop()
    const onDone = vi.fn()
    const ended = warming.done.then(onDone)
    await clock.advance(minutes(5))
    expect(onDone).not.toHaveBeenCalled()
    slow.open()
    await ended
    expect(task).toHaveBeenCalledTimes(1)
  })

  test('does not keep the process alive', () => {
    expect(startSchedule('* * * * *').clock.held).toBe(0)
  })

  test.each([
    ['every ten minutes', 'got "every ten minutes" ('],
    ['61 * * * *', 'got "61 * * * *" ('],
    ['', 'got "" ('],
    ['2027-01-01T00:00:00', 'got the date "2027-01-01T00:00:00"'],
    ['0 0 30 2 *', 'has no scheduled time'],
  ])('rejects the cron expression "%s" with an example', (cron, reason) => {
    const badOption = expect.objectContaining({ code: 'BAD_OPTION' })
    expect(() => startSchedule(cron)).toThrow(badOption)
    expect(() => startSchedule(cron)).toThrow(reason)
    expect(() => startSchedule(cron)).toThrow(
      "must consist of minute, hour, day of month, month and day of week, such as '*/10",
    )
  })

  test('rejects an unknown time zone', () => {
    expect(() => startSchedule('* * * * *', { options: { timezone: 'Mars/Olympus' } })).toThrow(
      'must be an IANA name',
    )
  })
})

test('two schedules of one cache with different names run independently', async () => {
  const { cache, clock } = createVirtualCache()
  const task = vi.fn()
  for (const name of ['one', 'other']) warmOnSchedule(cache, '* * * * *', () => [task], { name, clock })
  await clock.advance(minutes(3))
  expect(task).toHaveBeenCalledTimes(6)
})

test('a warmed entry is served without computing it again', async () => {
  const { cache, clock } = createVirtualCache('2026-03-10T09:59:00Z')
  const load = vi.fn(async (id: number) => id)
  const cached = cache.wrap(load, { name: 'load' })
  warmOnSchedule(cache, '* * * * *', () => [1, 2].map((id) => () => cached(id)), { name: 'test', clock })
  await clock.advance(minutes(1))
  await cached(1)
  expect(load).toHaveBeenCalledTimes(2)
})
