// needs: redis

import type { AuditReport } from '@larder/core'
import { until } from '@larder/servers'
import { virtualClock } from '@larder/testing'
import { expect, test, vi } from 'vitest'
import { auditOnSchedule, type ScheduledRun, warmOnSchedule, warmPopular } from '../src/index'
import { createGate } from './support/caches'
import { createCollector, startProcesses } from './support/processes'

const start = Date.parse('2026-03-10T09:59:30Z')
const minute = 60_000

test('each scheduled run takes place in one of three processes, and all of them get the report', async () => {
  await using processes = await startProcesses(3)
  const clock = virtualClock({ start })
  const task = vi.fn()
  const runs = createCollector<ScheduledRun>()
  for (const cache of processes.caches)
    warmOnSchedule(cache, '* * * * *', () => [task, task], { name: 'all', clock, onRun: runs.add })
  for (const round of [1, 2, 3]) {
    await clock.advance(minute)
    await runs.reaches(3 * round)
    expect(task).toHaveBeenCalledTimes(2 * round)
  }
  expect(runs.items.every((run) => run.outcome === 'done' && run.report.done === 2)).toBe(true)
})

test('a process with a late clock does not repeat a run', async () => {
  await using processes = await startProcesses(2)
  const clocks = [virtualClock({ start }), virtualClock({ start: start - 20_000 })]
  const task = vi.fn()
  const runs = createCollector<ScheduledRun>()
  processes.caches.forEach((cache, index) => {
    warmOnSchedule(cache, '* * * * *', () => [task], { name: 'all', clock: clocks[index], onRun: runs.add })
  })
  for (const [round, clock] of [...clocks, ...clocks].entries()) {
    await clock.advance(minute)
    await runs.reaches(round + 1)
  }
  expect(task).toHaveBeenCalledTimes(2)
})

test('each scheduled run takes place in every process with runOn every-process', async () => {
  await using processes = await startProcesses(2)
  const clock = virtualClock({ start })
  const task = vi.fn()
  const runs = createCollector<ScheduledRun>()
  for (const cache of processes.caches) {
    const options = { name: 'all', runOn: 'every-process', clock, onRun: runs.add } as const
    warmOnSchedule(cache, '* * * * *', () => [task], options)
  }
  await clock.advance(minute)
  await runs.reaches(2)
  expect(task).toHaveBeenCalledTimes(2)
})

test('a run is taken over from a process that is stopped during it', async () => {
  await using processes = await startProcesses(2)
  const clock = virtualClock({ start })
  const started = createCollector<number>()
  const runs = createCollector<ScheduledRun>()
  const slow = createGate()
  const last = vi.fn()
  const warmings = processes.caches.map((cache, index) => {
    const first = () => {
      started.add(index)
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

test('a process that waits for a run in another process can be stopped at once', async () => {
  await using processes = await startProcesses(2)
  const clock = virtualClock({ start })
  const started = createCollector<number>()
  const runs = createCollector<ScheduledRun>()
  const slow = createGate()
  const warmings = processes.caches.map((cache, index) => {
    const task = () => {
      started.add(index)
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

test('a key that is popular in two processes is reloaded once', async () => {
  await using processes = await startProcesses(2)
  const clock = virtualClock({ start })
  const rounds = createCollector<unknown>()
  const source = vi.fn(async (key: string) => key)
  const options = { every: '1h', minCount: 0, clock, onRound: rounds.add } as const
  for (const cache of processes.caches) {
    const load = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '50m', fresh: true })
    warmPopular(cache, load, options)
    await cache.getOrCompute('popular', () => 'first', { ttl: '50m' })
  }
  await clock.advance(60 * minute)
  await rounds.reaches(2)
  expect(source.mock.calls).toEqual([['popular']])
})

test('each scheduled audit takes place in one of three processes', async () => {
  await using processes = await startProcesses(3)
  const clock = virtualClock({ start })
  const [writer, ...readers] = processes.caches
  await until('all processes have the entry', async () => {
    await writer?.set('7', 'cached')
    return (await Promise.all(readers.map((cache) => cache.has('7')))).every(Boolean)
  })
  const source = vi.fn(() => 'cached')
  const reports = createCollector<AuditReport>()
  for (const cache of processes.caches)
    auditOnSchedule(cache, { every: '1m', source, clock, onReport: reports.add })
  for (const round of [1, 2]) {
    await clock.advance(minute)
    await reports.reaches(round)
  }
  expect(source).toHaveBeenCalledTimes(2)
})
