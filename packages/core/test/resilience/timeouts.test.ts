import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/contracts/clock'
import { createTimeouts } from '../../src/resilience/timeouts'
import { manualClock } from '../support/manual-clock'

function createSubject() {
  const clock = manualClock()
  const timeouts = createTimeouts(clock)
  const expired: string[] = []
  const set = (name: string, limit: number, start = clock.monotonic()) =>
    timeouts.set(limit, start, () => expired.push(name))
  return { clock, expired, set }
}

describe('a deadline', () => {
  test('expires at its own time', async () => {
    const { clock, expired, set } = createSubject()
    set('first', 100)
    await clock.advance(40)
    set('second', 100)
    set('short', 10)
    await clock.advance(59)
    expect(expired).toEqual(['short'])
    await clock.advance(1)
    expect(expired).toEqual(['short', 'first'])
    await clock.advance(40)
    expect(expired).toEqual(['short', 'first', 'second'])
  })

  test('does not expire after cancel', async () => {
    const { clock, expired, set } = createSubject()
    const cancelled = set('cancelled', 100)
    set('kept', 100)
    cancelled.cancel()
    await clock.advance(1_000)
    expect(expired).toEqual(['kept'])
  })

  test('counts from the given start', async () => {
    const { clock, expired, set } = createSubject()
    await clock.advance(500)
    set('begun earlier', 100, 460)
    await clock.advance(100)
    expect(expired).toEqual(['begun earlier'])
  })

  test('does not keep the process alive, and works again after all earlier ones expired', async () => {
    const { clock, expired, set } = createSubject()
    set('one', 100)
    expect(clock.held).toBe(0)
    await clock.advance(1_000)
    set('another', 100)
    await clock.advance(100)
    expect(expired).toEqual(['one', 'another'])
  })

  test('can be longer than the longest timer', async () => {
    const { clock, expired } = createSubject()
    const delays: number[] = []
    const background = (delay: number, task: () => void) => {
      delays.push(delay)
      return clock.background(delay, task)
    }
    const month = 30 * 24 * 3_600_000
    createTimeouts({ ...clock, background }).set(month, 0, () => expired.push('late'))
    await clock.advance(month - 1)
    expect(expired).toEqual([])
    await clock.advance(1)
    expect(expired).toEqual(['late'])
    expect(Math.max(...delays)).toBeLessThan(2 ** 31)
  })

  test('expires outside the async context of its callers', async () => {
    const request = new AsyncLocalStorage<string>()
    const timeouts = createTimeouts(systemClock)
    const contextOf = (name: string) =>
      new Promise((resolve) => {
        request.run(name, () => timeouts.set(5, performance.now(), () => resolve(request.getStore())))
      })
    expect(await Promise.all([contextOf('one'), contextOf('two')])).toEqual([undefined, undefined])
  })

  test('expires even if the remaining time is below the resolution of the clock', async () => {
    const { clock, expired } = createSubject()
    const monotonic = () => clock.monotonic() - 1e-13
    const timeouts = createTimeouts({ ...clock, monotonic })
    await clock.advance(4_096)
    timeouts.set(100, clock.monotonic(), () => expired.push('late'))
    await clock.advance(102)
    expect(expired).toEqual(['late'])
  })

  test('of Infinity never expires', async () => {
    const { clock, expired, set } = createSubject()
    set('endless', Number.POSITIVE_INFINITY)
    await clock.advance(1e12)
    expect(expired).toEqual([])
  })
})

describe('a stall of the event loop', () => {
  test('does not count: a deadline still has its remaining time afterwards', async () => {
    const { clock, expired, set } = createSubject()
    set('stalled', 100)
    await clock.advance(10)
    clock.stall(400)
    await clock.advance(70)
    expect(expired).toEqual([])
    await clock.advance(30)
    expect(expired).toEqual(['stalled'])
  })

  test('does not count for a deadline that is set before the late timer has run', async () => {
    const { clock, expired, set } = createSubject()
    set('before', 100)
    clock.stall(400)
    set('after', 100)
    await clock.advance(75)
    expect(expired).toEqual(['before'])
    await clock.advance(25)
    expect(expired).toEqual(['before', 'after'])
  })

  test('is excused four times at most, so that a deadline ends in a process that hardly runs', async () => {
    const { clock, expired, set } = createSubject()
    set('busy', 100)
    for (let stalls = 0; stalls < 4; stalls += 1) {
      expect(expired).toEqual([])
      clock.stall(10_000)
      await clock.advance(0)
    }
    expect(expired).toEqual(['busy'])
  })

  test('lets the input that has arrived be read before a deadline expires', async () => {
    const { clock, expired } = createSubject()
    const timeouts = createTimeouts(clock)
    const deadline = timeouts.set(100, 0, () => expired.push('answered'))
    clock.timeout(100, () => setImmediate(deadline.cancel))
    timeouts.set(100, 0, () => expired.push('unanswered'))
    await clock.advance(100)
    expect(expired).toEqual(['unanswered'])
  })
})
