import { expect, test } from 'vitest'
import { seededRandom, virtualClock } from '../../src/index'

test('timers run in the order in which they are due, and timers due at the same time in the order they were set', async () => {
  const clock = virtualClock()
  const ran: string[] = []
  for (const [name, delay] of [
    ['late', 20],
    ['first', 10],
    ['second', 10],
  ] as const)
    clock.timeout(delay, () => ran.push(name))
  await clock.advance(15)
  expect(ran).toEqual(['first', 'second'])
  await clock.advance(5)
  expect(ran).toEqual(['first', 'second', 'late'])
})

test('promises settled by a timer run before time advances', async () => {
  const clock = virtualClock()
  let seenAt = Number.NaN
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const work = wait(10).then(async () => {
    for (let step = 0; step < 50; step += 1) await Promise.resolve()
    await wait(5)
    seenAt = clock.monotonic()
  })
  await clock.advance(100)
  await work
  expect(seenAt).toBe(15)
})

test('a cancelled timer does not run, and does not count as held', async () => {
  const clock = virtualClock()
  let runs = 0
  const cancel = clock.timeout(10, () => {
    runs += 1
  })
  clock.background(10, () => undefined)
  expect(clock.held).toBe(1)
  cancel()
  expect(clock.held).toBe(0)
  await clock.advance(20)
  expect(runs).toBe(0)
})

test('setting the wall clock does not affect the monotonic clock', async () => {
  const clock = virtualClock({ start: 1_000 })
  await clock.advance(10)
  expect(clock.now()).toBe(1_010)
  clock.setWall(500)
  await clock.advance(1)
  expect([clock.now(), clock.monotonic()]).toEqual([501, 11])
})

test('seededRandom returns the same numbers for the same seed', () => {
  const [one, two, other] = [seededRandom(1), seededRandom(1), seededRandom(2)]
  const draw = (random: () => number) => Array.from({ length: 100 }, random)
  const numbers = draw(one)
  expect(draw(two)).toEqual(numbers)
  expect(draw(other)).not.toEqual(numbers)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
})

test.each([0, 1, 2])(
  'number %i that seededRandom returns is spread evenly over the seeds 1 to 1000',
  (place) => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => {
      const random = seededRandom(index + 1)
      return Array.from({ length: place + 1 }, random)[place] ?? Number.NaN
    })
    const tenths = Array.from({ length: 10 }, (_, tenth) =>
      numbers.filter((number) => Math.floor(number * 10) === tenth),
    )
    // Of a uniform distribution, fewer than one in a million have a tenth outside of these bounds.
    for (const { length } of tenths) expect(Math.abs(length - 100)).toBeLessThan(50)
  },
)
