import { createAsyncScope } from '../async-scope'
import type { ActiveScopes } from './active-scopes'

/** Invalidations that wait for a transaction to commit. */
interface Pending {
  readonly effects: (() => Promise<unknown>)[]
}

/**
 * Holds invalidations back until a transaction has committed: issued earlier, another process could read the old
 * row again and cache it as new.
 */
export function createTransactions(activeScopes: ActiveScopes) {
  const scope = createAsyncScope<Pending>()
  let open = 0

  return {
    close: () => scope.disable(),
    /** Whether the caller is inside a transaction: what it reads may not be committed. */
    get isOpen() {
      return open > 0 && scope.getStore() !== undefined
    },
    /** Keeps `effect` for the commit. Returns whether there is a transaction to wait for. */
    defer(effect: () => Promise<unknown>): boolean {
      const pending = open > 0 ? scope.getStore() : undefined
      pending?.effects.push(effect)
      return pending !== undefined
    },
    /** Runs `work`; what was deferred inside happens once it has resolved, and not at all if it rejects. */
    async run<T>(work: () => Promise<T>): Promise<T> {
      const outer = scope.getStore()
      if (outer !== undefined) return work()
      const pending: Pending = { effects: [] }
      open += 1
      activeScopes.count += 1
      try {
        const result = await scope.run(pending, work)
        await scope.run(undefined, () => Promise.all(pending.effects.map((effect) => effect())))
        return result
      } finally {
        open -= 1
        activeScopes.count -= 1
      }
    },
  }
}

export type Transactions = ReturnType<typeof createTransactions>
