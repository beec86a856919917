import { hasAsyncScopes } from './async-scope'
import type { Engine } from './engine'
import { registerMemoryCache } from './memory-caches'

/** Whether this process has warned already that the runtime has no AsyncLocalStorage. */
let hasWarnedOfScopes = false

/** Warns where the runtime, or the way in which the module was loaded, takes something from a new cache. */
export function warnOfRuntime({ settings, recorder, tiers, onClose }: Engine): void {
  if (!hasAsyncScopes() && !hasWarnedOfScopes) {
    hasWarnedOfScopes = true
    recorder.warn(
      'this runtime has no AsyncLocalStorage, so a value that is computed from cached values does not depend on them by itself: name their tags, with ({ tag }) => tag(…) or the option tags. Transactions are refused. Node.js has it from 20.16 on, Cloudflare Workers with the flag nodejs_compat.',
    )
  }
  if (tiers.isShared || !settings.enabled) return
  const { isElsewhere, remove } = registerMemoryCache(settings.name)
  onClose(remove)
  if (!isElsewhere) return
  recorder.warn(
    `another copy of @larder/core in this process has a cache "${settings.name}" in memory. They share nothing: an invalidation in one leaves the other as it is. Load the package as ES module or as CommonJS, not both; keep the cache across bundles and hot reloads with globalThis.cache ??= createCache(…); or use a shared store.`,
  )
}
