import { expect, test } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { assertRandomCalls, calledMethods, type Methods } from './support/random-calls'

test('every method of a cache has a generator of calls', () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const methods = Reflect.ownKeys(cache).filter((name) => typeof cache[name as Methods] === 'function')
  expect([...methods].map(String).sort()).toEqual(calledMethods.map(String).sort())
})

test('random calls, right and wrong, fail with no error but a LarderError or their own, and return no other values', () =>
  assertRandomCalls(300))
