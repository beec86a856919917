import { type LocalTier, systemClock } from '@larder/core'
import { type MemoryStoreOptions, memoryStore } from '../../src/index'
import { seededRandom } from './seeded-random'

/** Opens a new store, and returns its tier and the list of evicted keys. */
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
