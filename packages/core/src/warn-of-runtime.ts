import { hasAsyncScopes } from './async-scope'
import type { Engine } from './engine'

/** Whether this process has warned already that the runtime has no AsyncLocalStorage. */
let hasWarnedOfScopes = false

/** Warns, once per process, where the runtime lacks what caches need. */
export function warnOfRuntime({ recorder }: Engine): void {
  if (hasAsyncScopes() || hasWarnedOfScopes) return
  hasWarnedOfScopes = true
  recorder.warn(
    'this runtime has no AsyncLocalStorage, so a value does not depend on the cached values that it is computed from: name their tags. Transactions are refused. Node.js has it from 20.16 on, Cloudflare Workers with the flag nodejs_compat.',
  )
}
