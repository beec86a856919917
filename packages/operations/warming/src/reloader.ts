import { type Cache, LarderError } from '@larder/core'

interface ReloaderOptions {
  readonly cache: Pick<Cache, 'warm'>
  readonly load: (key: string) => unknown
  readonly runOn: 'one-process' | 'every-process'
  /** With `one-process`: how long no other process reloads the same key, in ms. */
  readonly every: number
}

/** Reloads keys, and knows which keys it is reloading. */
export function createReloader({ cache, load, runOn, every }: ReloaderOptions) {
  const reloading = new Set<string>()

  async function loadInOneProcess(key: string): Promise<void> {
    const { failures } = await cache.warm([() => load(key)], { once: { name: `popular ${key}`, every } })
    if (failures[0] !== undefined) throw new LarderError('COMPUTE_FAILED', failures[0], { key })
  }

  return {
    isReloading: (key: string) => reloading.has(key),
    async reloadKey(key: string): Promise<void> {
      reloading.add(key)
      try {
        await (runOn === 'one-process' ? loadInOneProcess(key) : load(key))
      } finally {
        reloading.delete(key)
      }
    },
  }
}
