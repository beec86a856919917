import { expect, test } from 'vitest'
import { createCache, instruments } from '../../src/index'
import { createDurationSketch, estimateQuantile } from '../../src/telemetry/duration-sketch'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const minute = 60_000

function sketchOf(durations: readonly number[], now = 0) {
  const sketch = createDurationSketch()
  for (const duration of durations) sketch.add(duration, now)
  return sketch
}

test.each([0.2, 1, 7, 40, 999, 65_432, 6_000_000])(
  'the quantile of %d ms is off by at most an eighth',
  (exact) => {
    const estimate = estimateQuantile([sketchOf([exact])], 0.95, 0)
    expect(Math.abs(estimate - Math.max(1, exact))).toBeLessThan(Math.max(1, exact) / 8)
  },
)

test('a quantile is that of all sketches together, and 0 of none', () => {
  const fast = sketchOf(Array(98).fill(10))
  const slow = sketchOf(Array(2).fill(1_000))
  const isSlow = (share: number) => estimateQuantile([fast, slow], share, 0) > 800
  expect([isSlow(0.5), isSlow(0.97), isSlow(0.99)]).toEqual([false, false, true])
  expect(estimateQuantile([], 0.95, 0)).toBe(0)
})

test('recent durations count more: a slow source shows within a minute, and is forgotten after five', () => {
  const sketch = createDurationSketch()
  const isSlow = (now: number) => estimateQuantile([sketch], 0.95, now) > 800
  const fill = (duration: number, from: number, to: number) => {
    for (let now = from; now < to; now += 1_000) sketch.add(duration, now)
  }
  fill(10, 0, 60 * minute)
  fill(1_000, 60 * minute, 61 * minute)
  expect(isSlow(61 * minute)).toBe(true)
  fill(10, 61 * minute, 66 * minute)
  expect(isSlow(66 * minute)).toBe(false)
})

test('a sketch that rests for months goes on with what comes then', () => {
  const sketch = sketchOf([1_000])
  const later = 90 * 24 * 60 * minute
  sketch.add(10, later)
  expect(Math.round(estimateQuantile([sketch], 0.95, later))).toBe(10)
})

test('stats and metrics have the 95th percentile of each function', async () => {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock })
  const work = (id: number) =>
    new Promise((resolve) => clock.timeout(id % 10 === 0 ? 500 : 5, () => resolve(id)))
  const load = cache.wrap(work, { name: 'load' })
  for (let id = 1; id <= 40; id += 1) {
    const loaded = load(id)
    await clock.advance(500)
    await loaded
  }
  const stats = cache.stats()
  expect(stats.functions.load?.computeP95).toBeGreaterThan(440)
  expect(stats.computeP95).toBe(stats.functions.load?.computeP95)
  const gauge = instruments.find(({ name }) => name === 'cache.compute.quantile')
  const observed: unknown[] = []
  if (gauge?.kind === 'gauge') gauge.read(stats, (value, labels) => observed.push([value, labels]))
  expect(observed).toEqual([
    [stats.computeP95 / 1_000, { 'cache.function': 'load', 'cache.quantile': '0.95' }],
  ])
})
