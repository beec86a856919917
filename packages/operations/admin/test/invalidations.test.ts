import type { CacheEvents } from '@larder/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listenToInvalidations, type ObservedInvalidation } from '../src/observation/listen-to-invalidations'
import { createManagedApp } from './support/managed-app'

type Event = 'invalidate' | 'apply'

/** A cache whose log pushes what the test says. */
function createSource() {
  const listeners = new Map<Event, (event: never) => void>()
  const on = (name: Event, listener: (event: never) => void) => {
    listeners.set(name, listener)
    return () => void listeners.delete(name)
  }
  const emit = <E extends Event>(name: E, event: CacheEvents[E]) => listeners.get(name)?.(event as never)
  return { source: { on: on as never }, emit }
}

const prices = { scope: 'tag', mode: 'hard', name: 'prices' } as const
const pushOf = (...names: string[]): CacheEvents['apply'] => ({
  position: 1,
  records: names.length,
  delay: 3,
  invalidations: names.map((name) => ({ ...prices, name })),
})
const ownCall: CacheEvents['invalidate'] = {
  scope: 'tag',
  mode: 'hard',
  names: ['prices'],
  outcome: 'applied',
}

let seen: ObservedInvalidation[]
let stop: () => void
let emit: ReturnType<typeof createSource>['emit']
beforeEach(() => {
  vi.useFakeTimers()
  seen = []
  const created = createSource()
  emit = created.emit
  stop = listenToInvalidations(created.source, (invalidation) => seen.push(invalidation))
})
afterEach(() => vi.useRealTimers())

test('an invalidation of this process is observed once, whether the push or the answer of the log comes first', () => {
  emit('apply', pushOf('prices'))
  emit('invalidate', ownCall)
  emit('invalidate', ownCall)
  vi.advanceTimersByTime(1_000)
  expect(seen).toEqual(Array(2).fill({ ...prices, from: 'here', outcome: 'applied' }))
})

test('each invalidation of another process is observed, also the same one in quick succession', () => {
  emit('apply', pushOf('prices', 'stock'))
  emit('apply', pushOf('prices'))
  vi.advanceTimersByTime(1_000)
  expect(seen.map(({ name, from, delay }) => [name, from, delay])).toEqual([
    ['prices', 'log', 3],
    ['stock', 'log', 3],
    ['prices', 'log', 3],
  ])
})

test('nothing is observed after the end, and no timer is left', () => {
  emit('apply', pushOf('prices'))
  stop()
  vi.advanceTimersByTime(1_000)
  expect([seen, vi.getTimerCount()]).toEqual([[], 0])
})

test('a queued invalidation reads as applied once no invalidation waits any more', async () => {
  const { cache, get } = createManagedApp()
  vi.spyOn(cache, 'stats').mockReturnValue({ ...cache.stats(), outbox: 0 })
  await cache.invalidate('prices')
  expect((await get('invalidations')).body.invalidations).toMatchObject([
    { name: 'prices', outcome: 'applied' },
  ])
})
