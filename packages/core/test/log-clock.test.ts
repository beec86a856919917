import { describe, expect, test } from 'vitest'
import { createLogClock } from '../src/invalidation/log-clock'
import { manualClock } from './support/manual-clock'

const hour = 3_600_000

/** A clock of a process whose wall clock can be set, and the clock of the log, which goes right. */
function createClocks() {
  const clock = manualClock()
  const ahead = { wall: 0 }
  const own = { ...clock, now: () => clock.now() + ahead.wall }
  const logClock = createLogClock(own, false)
  const moment = () => ({ wall: own.now(), monotonic: own.monotonic() })
  /** Reads a page of the log, which takes 20 ms; `onTheWay` happens meanwhile. */
  async function readPage(onTheWay: () => unknown = () => undefined): Promise<void> {
    const askedAt = moment()
    await clock.advance(10)
    const logNow = clock.now()
    onTheWay()
    await clock.advance(10)
    logClock.adjust(logNow, askedAt)
  }
  return { clock, ahead, logClock, moment, readPage }
}

describe.each([hour, -hour])(
  'a wall clock that is set by %d ms while a page of the log is on its way',
  (step) => {
    test('dates no new entry ahead, and ends no entry later', async () => {
      const { clock, ahead, logClock, moment, readPage } = createClocks()
      await readPage()
      await readPage(() => {
        ahead.wall += step
      })
      expect(logClock.creationTime(moment())).toBeLessThanOrEqual(clock.now() + 20)
      expect(logClock.now()).toBeGreaterThanOrEqual(clock.now() - 20)
    })

    test('is made up for by the next page', async () => {
      const { clock, ahead, logClock, moment, readPage } = createClocks()
      await readPage()
      await readPage(() => {
        ahead.wall += step
      })
      await readPage()
      expect(Math.abs(logClock.creationTime(moment()) - clock.now())).toBeLessThanOrEqual(20)
      expect(Math.abs(logClock.now() - clock.now())).toBeLessThanOrEqual(20)
    })
  },
)
