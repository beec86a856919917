import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../src/index'

const day = 86_400_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each(['timeout', 'background'] as const)(
  'a %s of more than 24.8 days runs when it is due, and not at once',
  (kind) => {
    const task = vi.fn()
    systemClock[kind](60 * day, task)
    vi.advanceTimersByTime(60 * day - 1)
    expect(task).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(task).toHaveBeenCalledTimes(1)
  },
)

test('no timer of the runtime is longer than 31 bits can count', () => {
  const start = vi.spyOn(globalThis, 'setTimeout')
  systemClock.timeout(60 * day, () => undefined)
  systemClock.background(Number.POSITIVE_INFINITY, () => undefined)
  vi.advanceTimersByTime(30 * day)
  for (const [, delay] of start.mock.calls) expect(delay).toBeLessThan(2 ** 31)
})

test('a long timer can be cancelled after each of its parts', () => {
  const task = vi.fn()
  const cancel = systemClock.timeout(60 * day, task)
  vi.advanceTimersByTime(30 * day)
  cancel()
  vi.advanceTimersByTime(60 * day)
  expect(task).not.toHaveBeenCalled()
})
