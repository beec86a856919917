import { expect, test, vi } from 'vitest'
import { eventLoopMeter } from '../src/event-loop'
import { warmWhenIdle } from '../src/index'
import { cacheInVirtualTime, gate } from './support/caches'

/** A process as busy as it is told to be. */
function busyness(load: number) {
  const state = { load }
  return { state, utilization: () => state.load }
}

test('tasks are taken while the event loop is idle, and not before a first look', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const task = vi.fn()
  const { done } = warmWhenIdle(cache, [task, task, task], { clock, ...busyness(0.1) })
  await clock.advance(999)
  expect(task).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(await done).toMatchObject({ done: 3, wasStopped: false })
})

test('no task is taken while it is busy', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const { state, utilization } = busyness(0.5)
  const task = vi.fn()
  const { done } = warmWhenIdle(cache, [task, task], { clock, utilization, maxUtilization: 0.5 })
  await clock.advance(60_000)
  expect(task).not.toHaveBeenCalled()
  state.load = 0.49
  await clock.advance(1_000)
  expect(await done).toMatchObject({ done: 2 })
})

test('it stops taking tasks when it becomes busy, and goes on afterwards', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const { state, utilization } = busyness(0)
  let ran = 0
  const second = (ms: number) => () =>
    new Promise<void>((resolve) => {
      clock.timeout(ms, () => {
        ran += 1
        resolve()
      })
    })
  const { done } = warmWhenIdle(cache, Array(10).fill(second(400)), { clock, utilization, checkEvery: '1s' })
  await clock.advance(2_500)
  const ranWhileIdle = ran
  expect(ranWhileIdle).toBeGreaterThan(1)
  state.load = 0.9
  await clock.advance(20_000)
  expect(ran - ranWhileIdle).toBeLessThanOrEqual(3)
  state.load = 0.1
  await clock.advance(20_000)
  expect(await done).toMatchObject({ done: 10 })
})

test('one task runs at a time', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const slow = gate()
  const next = vi.fn()
  const { done } = warmWhenIdle(cache, [() => slow.opened, next], { clock, ...busyness(0) })
  await clock.advance(10_000)
  expect(next).not.toHaveBeenCalled()
  slow.open()
  await done
  expect(next).toHaveBeenCalledTimes(1)
})

test('progress knows how many there are', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const onProgress = vi.fn()
  const { done } = warmWhenIdle(cache, [() => 1], { clock, onProgress, ...busyness(0) })
  await clock.advance(1_000)
  await done
  expect(onProgress).toHaveBeenCalledWith({ done: 1, failed: 0, total: 1, elapsed: 1_000 })
})

test('it can be stopped while it waits, and waits without keeping the process alive', async () => {
  const { cache, clock } = cacheInVirtualTime()
  const task = vi.fn()
  const { stop, done } = warmWhenIdle(cache, [task], { clock, ...busyness(1) })
  await clock.advance(5_000)
  expect(clock.held).toBe(0)
  stop()
  expect(await done).toMatchObject({ done: 0, wasStopped: true })
  expect(task).not.toHaveBeenCalled()
})

test.each([
  { maxUtilization: 0 },
  { maxUtilization: 1.1 },
  { maxUtilization: Number.NaN },
  { checkEvery: 0 },
])('%o is refused', (options) => {
  const { cache } = cacheInVirtualTime()
  expect(() => warmWhenIdle(cache, [], options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
})

test('the meter of the event loop tells a share for the time since its last look', () => {
  const meter = eventLoopMeter()
  for (const share of [meter(), meter()]) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
})
