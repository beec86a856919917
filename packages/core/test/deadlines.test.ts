import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../src/contracts/clock'
import { createDeadlines } from '../src/resilience/deadlines'
import { manualClock } from './support/manual-clock'

function watched() {
  const clock = manualClock()
  const deadlines = createDeadlines(clock)
  const ended: string[] = []
  const set = (name: string, limit: number, start = clock.monotonic()) =>
    deadlines.set(limit, start, () => ended.push(name))
  return { clock, ended, set }
}

describe('a deadline', () => {
  test('ends what has not ended by itself, each at its own time', async () => {
    const { clock, ended, set } = watched()
    set('first', 100)
    await clock.advance(40)
    set('second', 100)
    set('short', 10)
    await clock.advance(59)
    expect(ended).toEqual(['short'])
    await clock.advance(1)
    expect(ended).toEqual(['short', 'first'])
    await clock.advance(40)
    expect(ended).toEqual(['short', 'first', 'second'])
  })

  test('that is cancelled never comes', async () => {
    const { clock, ended, set } = watched()
    const cancelled = set('cancelled', 100)
    set('kept', 100)
    cancelled.cancel()
    await clock.advance(1_000)
    expect(ended).toEqual(['kept'])
  })

  test('counts from the start it is given', async () => {
    const { clock, ended, set } = watched()
    await clock.advance(500)
    set('begun earlier', 100, 460)
    await clock.advance(100)
    expect(ended).toEqual(['begun earlier'])
  })

  test('keeps no process alive, and watches again after all were over', async () => {
    const { clock, ended, set } = watched()
    set('one', 100)
    expect(clock.held).toBe(0)
    await clock.advance(1_000)
    set('another', 100)
    await clock.advance(100)
    expect(ended).toEqual(['one', 'another'])
  })

  test('further off than timers reach is looked at on the way', async () => {
    const { clock, ended } = watched()
    const delays: number[] = []
    const background = (delay: number, task: () => void) => {
      delays.push(delay)
      return clock.background(delay, task)
    }
    const month = 30 * 24 * 3_600_000
    createDeadlines({ ...clock, background }).set(month, 0, () => ended.push('late'))
    await clock.advance(month - 1)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual(['late'])
    expect(Math.max(...delays)).toBeLessThan(2 ** 31)
  })

  test('comes in the context of none of those who set one', async () => {
    const request = new AsyncLocalStorage<string>()
    const deadlines = createDeadlines(systemClock)
    const contextOf = (name: string) =>
      new Promise((resolve) => {
        request.run(name, () => deadlines.set(5, performance.now(), () => resolve(request.getStore())))
      })
    expect(await Promise.all([contextOf('one'), contextOf('two')])).toEqual([undefined, undefined])
  })

  test('comes though what is left is too little for the clock to tell', async () => {
    const { clock, ended } = watched()
    const monotonic = () => clock.monotonic() - 1e-13
    const deadlines = createDeadlines({ ...clock, monotonic })
    await clock.advance(4_096)
    deadlines.set(100, clock.monotonic(), () => ended.push('late'))
    await clock.advance(102)
    expect(ended).toEqual(['late'])
  })

  test('without an end is none', async () => {
    const { clock, ended, set } = watched()
    set('endless', Number.POSITIVE_INFINITY)
    await clock.advance(1e12)
    expect(ended).toEqual([])
  })
})
