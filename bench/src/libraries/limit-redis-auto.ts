import type { BenchCache, Setup } from '../library'
import { openWith } from './limit-redis'

/** Bare ioredis that puts the commands of a tick into one pipeline. */
export function openCache(setup: Setup): Promise<BenchCache> {
  return openWith(setup, true, (client) => (key) => client.get(key))
}
