import type { CacheEvents } from '@larder/core'
import { expect, test, vi } from 'vitest'
import { createEvidenceRecorder } from '../src/observation/function-evidence'
import { listenToInvalidations, type ObservedInvalidation } from '../src/observation/listen-to-invalidations'
import { createManagedApp } from './support/managed-app'

type Event = keyof CacheEvents

/** A cache whose events the test emits. */
function createSource() {
  const listeners = new Map<Event, Set<(event: never) => void>>()
  const on = (name: Event, listener: (event: never) => void) => {
    listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    return () => void listeners.get(name)?.delete(listener)
  }
  return {
    source: { on: on as never },
    emit<E extends Event>(name: E, event: CacheEvents[E]): void {
      for (const listener of listeners.get(name) ?? []) listener(event as never)
    },
  }
}

const prices = { scope: 'tag', mode: 'hard', name: 'prices' } as const
const foreign = (...names: string[]): CacheEvents['apply'] => ({
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

test('invalidations of this process and of others are observed as they happen, and none after the end', () => {
  const { source, emit } = createSource()
  const seen: ObservedInvalidation[] = []
  const stop = listenToInvalidations(source, (invalidation) => seen.push(invalidation))
  emit('invalidate', ownCall)
  emit('apply', foreign('prices', 'stock'))
  stop()
  emit('apply', foreign('late'))
  expect(seen).toEqual([
    { ...prices, from: 'here', outcome: 'applied' },
    { ...prices, from: 'log', delay: 3 },
    { ...prices, name: 'stock', from: 'log', delay: 3 },
  ])
})

test('entries that end by one invalidation of this process are counted as ended by one', async () => {
  const { cache } = createManagedApp()
  const evidence = createEvidenceRecorder(cache)
  evidence.listen()
  const load = cache.wrap((id: number) => id, { name: 'load', tags: ['prices'] })
  for (const id of [1, 2]) await load(id)
  await cache.invalidate('prices')
  for (const id of [1, 2]) await load(id)
  const ended = evidence.findEvidence('load')?.endedEntries ?? []
  expect(new Set(ended.map(({ invalidation }) => invalidation)).size).toBe(1)
})

test('a queued invalidation reads as applied once no invalidation waits any more', async () => {
  const { cache, get } = createManagedApp()
  vi.spyOn(cache, 'stats').mockReturnValue({ ...cache.stats(), outbox: 0 })
  await cache.invalidate('prices')
  expect((await get('invalidations')).body.invalidations).toMatchObject([
    { name: 'prices', outcome: 'applied' },
  ])
})
