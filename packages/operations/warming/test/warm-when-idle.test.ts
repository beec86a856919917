import { expect, test, vi } from 'vitest'
import { createEventLoopMeter } from '../src/event-loop-meter'
import { warmWhenIdle } from '../src/index'
import { createGate, createVirtualCache } from './support/caches'

/** A simulated utilization of the event loop, changed through `state`. */
function simulateUtilization(load: number) {
  const state = { load }
  return { state, utilization: () => state.load }
}

test('tasks run while the event loop is idle, after a first measurement', async () => {
  const { cache, clock } = createVirtualCache()
  const task = vi.fn()
  const { done } = warmWhenIdle(cache, [task, task, task], { clock, utilization: () => 0.1 })
  await clock.advance(999)
  expect(task).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(await done).toMatchObject({ done: 3, wasStopped: false })
})

test('no task runs while the event loop is busy', async () => {
  const { cache, clock } = createVirtualCache()
  const { state, utilization } = simulateUtilization(0.5)
  const task = vi.fn()
  const { done } = warmWhenIdle(cache, [task, task], { clock, utilization, maxUtilization: 0.5 })
  await clock.advance(60_000)
  expect(task).not.toHaveBeenCalled()
  state.load = 0.49
  await clock.advance(1_000)
  expect(await done).toMatchObject({ done: 2 })
})

test('tasks pause while the event loop is busy, and continue afterwards', async () => {
  const { cache, clock } = createVirtualCache()
  const { state, utilization } = simulateUtilization(0)
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
  const { cache, clock } = createVirtualCache()
  const slow = createGate()
  const next = vi.fn()
  const { done } = warmWhenIdle(cache, [() => slow.opened, next], { clock, utilization: () => 0 })
  await clock.advance(10_000)
  expect(next).not.toHaveBeenCalled()
  slow.open()
  await done
  expect(next).toHaveBeenCalledTimes(1)
})

test('progress includes the total number of tasks', async () => {
  const { cache, clock } = createVirtualCache()
  const onProgress = vi.fn()
  const { done } = warmWhenIdle(cache, [() => 1], { clock, onProgress, utilization: () => 0 })
  await clock.advance(1_000)
  await done
  expect(onProgress).toHaveBeenCalledWith({ done: 1, failed: 0, total: 1, elapsed: 1_000 })
})

test('a waiting warm-up can be stopped, and does not keep the process alive', async () => {
  const { cache, clock } = createVirtualCache()
  const task = vi.fn()
  const { stop, done } = warmWhenIdle(cache, [task], { clock, utilization: () => 1 })
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
])('warmWhenIdle rejects %o', (options) => {
  const { cache } = createVirtualCache()
  expect(() => warmWhenIdle(cache, [], options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
})

test('the event loop meter returns a share between 0 and 1', () => {
  const meter = createEventLoopMeter()
  for (const share of [meter(), meter()]) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
})
