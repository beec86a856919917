import { type LocalEntry, type LocalTier, systemClock } from '@larder/core'
import { memoryStore } from '../../src/index'
import type { MemoryStoreOptions } from '../../src/memory-store'
import { seededRandom } from './random'

/** A tier of a store of its own, and the keys it removed to make room. */
export function openTier(options: MemoryStoreOptions, seed = 1): { tier: LocalTier; evicted: string[] } {
  const evicted: string[] = []
  const { local } = memoryStore(options).open({
    name: 'test',
    clock: { ...systemClock, random: seededRandom(seed) },
    report: () => undefined,
    evicted: (key) => evicted.push(key),
  })
  return { tier: local as LocalTier, evicted }
}

/** An entry as a cache hands it to a local tier. */
export function held(key: string, value: unknown = 0): LocalEntry {
  const times = { createdAt: 0, freshUntil: 1, staleUntil: 1, errorUntil: 1, refreshAt: 1, computeTime: 1 }
  return {
    ...times,
    key,
    kind: 'value',
    value,
    tags: [],
    asOf: 1,
    copy: (copied) => copied,
    sequence: 0,
    startedAt: { wall: 0, monotonic: 0 },
    checkedAt: 1,
  }
}
