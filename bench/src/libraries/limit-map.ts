import type { BenchCache, Setup } from '../library'

/** `Map.get` and a resolved promise: no bound, no expiry. */
export async function openCache({ computeOf }: Setup): Promise<BenchCache> {
  const values = new Map<string, unknown>()
  return {
    read(key) {
      const value = values.get(key)
      if (value !== undefined) return Promise.resolve(value)
      const computed = computeOf(key)()
      values.set(key, computed)
      return Promise.resolve(computed)
    },
    close: async () => undefined,
  }
}
