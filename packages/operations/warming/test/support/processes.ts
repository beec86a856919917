import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { startRedis } from '@larder/servers'
import { tieredStore } from '@larder/tiered'

/**
 * The lease of a process that stalls for longer than `leaseTtl` goes to another, and work that one process must do then runs
 * in two: no stall of this process exceeds these durations.
 */
const patientTimeouts = { leaseTtl: '1m', maxStaleness: '1m' } as const

/** Caches on one Redis server, as in several processes. */
export interface Processes extends AsyncDisposable {
  readonly caches: readonly Cache[]
}

export async function startProcesses(size: number): Promise<Processes> {
  const server = await startRedis()
  const caches = Array.from({ length: size }, () =>
    createCache({
      name: 'processes',
      store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
      ttl: '1h',
      ...patientTimeouts,
    }),
  )
  return {
    caches,
    async [Symbol.asyncDispose]() {
      await Promise.all(caches.map((cache) => cache.close()))
      await server.close()
    },
  }
}

/** Collects items, and resolves `reaches(count)` once there are that many. */
export function createCollector<T>() {
  const items: T[] = []
  let checkCount: () => void = () => undefined
  return {
    items,
    add(item: T): void {
      items.push(item)
      checkCount()
    },
    reaches: (count: number) =>
      new Promise<void>((resolve) => {
        checkCount = () => items.length >= count && resolve()
        checkCount()
      }),
  }
}
