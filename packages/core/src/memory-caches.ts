/** Names of open caches in memory, each with the evaluations of this module that have opened it, and how often. */
type OpenCaches = Map<string, Map<symbol, number>>

/** One registry for all copies of this module in the process, such as the ES module and the CommonJS one. */
const registryKey = Symbol.for('larder.caches-in-memory')

/** Identifies this evaluation of the module. */
const thisCopy = Symbol('copy')

function openCaches(): OpenCaches {
  const registry = globalThis as { [registryKey]?: OpenCaches }
  registry[registryKey] ??= new Map()
  return registry[registryKey]
}

/** Registers a cache whose log is in memory. Returns whether another copy of this module has one of the same name. */
export function registerMemoryCache(name: string): { readonly isElsewhere: boolean; remove(): void } {
  const caches = openCaches()
  const copies = caches.get(name) ?? new Map<symbol, number>()
  caches.set(name, copies.set(thisCopy, (copies.get(thisCopy) ?? 0) + 1))
  return {
    isElsewhere: copies.size > 1,
    remove() {
      const count = copies.get(thisCopy) ?? 0
      if (count > 1) copies.set(thisCopy, count - 1)
      else copies.delete(thisCopy)
      if (copies.size === 0) caches.delete(name)
    },
  }
}
