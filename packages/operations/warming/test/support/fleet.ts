import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { startRedis } from '@larder/servers'
import { tieredStore } from '@larder/tiered'

/**
 * With the deadlines by default, a pause of this process counts as a failure of Redis or as the death of a holder (gate.ts and
 * fleet.ts in @larder/core): then the caches go without a lease, and what is for one of them runs in several.
 */
const unhurried = { storeTimeout: '1m', leaseTtl: '1m', maxStaleness: '1m' } as const

/** Caches of several processes on one real Redis, whose deadlines no pause of this process exceeds. */
export interface Fleet extends AsyncDisposable {
  readonly caches: readonly Cache[]
}

export async function startFleet(size: number): Promise<Fleet> {
  const server = await startRedis()
  const caches = Array.from({ length: size }, () =>
    createCache({
      name: 'fleet',
      store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
      ttl: '1h',
      ...unhurried,
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

/** Collects what is told, and lets wait until so much of it was. */
export function collector<T>() {
  const items: T[] = []
  let check: () => void = () => undefined
  return {
    items,
    add(item: T): void {
      items.push(item)
      check()
    },
    reaches: (count: number) =>
      new Promise<void>((resolve) => {
        check = () => items.length >= count && resolve()
        check()
      }),
  }
}
