import { expect, test, vi } from 'vitest'
import { warmAtStart } from '../src/index'
import { createGate, createVirtualCache } from './support/caches'

test('the start waits until all tasks have run', async () => {
  const { cache, clock } = createVirtualCache()
  const task = vi.fn()
  const start = await warmAtStart(cache, [task, task, task], { clock, deadline: '10s' })
  expect(start).toMatchObject({ outcome: 'warm', report: { done: 3, wasStopped: false } })
  expect(clock.held).toBe(0)
})

test('the start waits until the deadline, and the other tasks continue in the background', async () => {
  const { cache, clock } = createVirtualCache()
  const slow = createGate()
  const last = vi.fn()
  const tasks = [() => 1, () => slow.opened, last]
  const starting = warmAtStart(cache, tasks, { clock, deadline: '10s', concurrency: 1 })
  await clock.advance(10_000)
  const start = await starting
  expect(start).toMatchObject({
    outcome: 'late',
    progress: { done: 1, failed: 0, total: 3, elapsed: 10_000 },
  })
  expect(last).not.toHaveBeenCalled()
  slow.open()
  const report = start.outcome === 'late' ? await start.rest.done : undefined
  expect(report).toMatchObject({ done: 3, wasStopped: false })
})

test('a warm-up that continues after the deadline can be stopped', async () => {
  const { cache, clock } = createVirtualCache()
  const slow = createGate()
  const last = vi.fn()
  const starting = warmAtStart(cache, [() => slow.opened, last], { clock, deadline: 5, concurrency: 1 })
  await clock.advance(5)
  const start = await starting
  if (start.outcome !== 'late') throw new Error(`The start must be late; it is ${start.outcome}.`)
  start.rest.stop()
  slow.open()
  expect(await start.rest.done).toMatchObject({ done: 1, wasStopped: true })
  expect(last).not.toHaveBeenCalled()
})

test('the start succeeds although tasks fail, and reports the failures', async () => {
  const { cache, clock } = createVirtualCache()
  const fail = () => Promise.reject(new Error('no such user'))
  const start = await warmAtStart(cache, [fail], { clock })
  expect(start).toMatchObject({ outcome: 'warm', report: { failed: 1, failures: ['no such user'] } })
})

test('an error of the tasks iterator rejects the start', async () => {
  const { cache, clock } = createVirtualCache()
  function* tasks(): Generator<() => void> {
    yield () => undefined
    throw new Error('no list of users')
  }
  await expect(warmAtStart(cache, tasks(), { clock, deadline: '1s' })).rejects.toThrow('no list of users')
  expect(clock.held).toBe(0)
})

test('progress is reported until the caller aborts its signal', async () => {
  const { cache, clock } = createVirtualCache()
  const controller = new AbortController()
  const onProgress = vi.fn()
  const tasks = [() => controller.abort(), () => 1]
  const start = await warmAtStart(cache, tasks, {
    clock,
    concurrency: 1,
    onProgress,
    signal: controller.signal,
  })
  expect(start).toMatchObject({ outcome: 'warm', report: { done: 1, wasStopped: true } })
  expect(onProgress.mock.calls).toEqual([[{ done: 1, failed: 0, total: 2, elapsed: 0 }]])
})

test('an invalid deadline is rejected', async () => {
  const { cache } = createVirtualCache()
  await expect(warmAtStart(cache, [], { deadline: -1 })).rejects.toMatchObject({ code: 'BAD_DURATION' })
})

test('a deadline longer than the longest timer does not expire immediately', async () => {
  const { cache, clock } = createVirtualCache()
  expect(await warmAtStart(cache, [() => 1], { clock, deadline: '365d' })).toMatchObject({ outcome: 'warm' })
  expect(clock.held).toBe(0)
})
