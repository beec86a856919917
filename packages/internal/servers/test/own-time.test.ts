import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { measureOwnTime } from '../src/processes/own-time'

/** The clock on the wall and the one of the process, in ms. */
let wall = 0
let computed = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.spyOn(performance, 'now').mockImplementation(() => wall)
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: computed * 1_000, system: 0 }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Lets the event loop turn on, step by step. */
function wait(steps: number): void {
  for (let at = 0; at < steps; at += 1) {
    wall += 10
    vi.advanceTimersByTime(10)
  }
}

/** The process does not get to its event loop for a while. */
function pause(ms: number, computing: number): void {
  wall += ms
  computed += computing
  vi.advanceTimersByTime(10)
}

describe('the time that a process had', () => {
  test('is that on the wall where it waits', async () => {
    expect(await measureOwnTime(async () => wait(50))).toEqual({ value: undefined, took: 500 })
  })

  test('is that on the wall where it computes', async () => {
    expect((await measureOwnTime(async () => pause(700, 700))).took).toBe(700)
  })

  test('leaves out what others took from it', async () => {
    const { took } = await measureOwnTime(async () => {
      wait(5)
      pause(3_000, 40)
      wait(5)
    })
    expect(took).toBe(50 + 40 + 50)
  })

  test('ends with the work, also where that fails', async () => {
    await expect(measureOwnTime(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(vi.getTimerCount()).toBe(0)
  })
})
