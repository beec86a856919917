import { type Cache, LarderError } from '@larder/core'

/** How a key is read again. */
export interface ReloadOptions {
  readonly cache: Pick<Cache, 'warm'>
  readonly load: (key: string) => unknown
  readonly runOn: 'one-process' | 'every-process'
  /** No other process does the same for so long, in ms. */
  readonly every: number
}

/** Reads keys again, and knows which of them it is at. */
export function createReload({ cache, load, runOn, every }: ReloadOptions) {
  const loading = new Set<string>()

  async function loadOnce(key: string): Promise<void> {
    const { failures } = await cache.warm([() => load(key)], { once: { name: `popular ${key}`, every } })
    if (failures[0] !== undefined) throw new LarderError('COMPUTE_FAILED', failures[0], { key })
  }

  return {
    isLoading: (key: string) => loading.has(key),
    async reload(key: string): Promise<void> {
      loading.add(key)
      try {
        await (runOn === 'one-process' ? loadOnce(key) : load(key))
      } finally {
        loading.delete(key)
      }
    },
  }
}
