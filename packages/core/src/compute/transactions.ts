import { createAsyncScope } from '../async-scope'
import type { ActiveScopes } from './active-scopes'

/** A transaction that has not committed yet. */
interface OpenTransaction {
  /** Run in order after the commit. */
  readonly effects: (() => Promise<unknown>)[]
}

/**
 * Defers invalidations until the transaction around them has committed: issued earlier, another process could read the old
 * row after the invalidation and cache it as new.
 */
export function createTransactions(activeScopes: ActiveScopes) {
  const scope = createAsyncScope<OpenTransaction>()
  let openCount = 0
  const currentTransaction = () => (openCount > 0 ? scope.getStore() : undefined)

  return {
    close: () => scope.disable(),
    /** Whether the caller is inside a transaction: then its reads may return rows that are not committed. */
    get isOpen() {
      return currentTransaction() !== undefined
    },
    /** Runs `effect` after the commit. Returns `false` if the caller is not inside a transaction. */
    deferEffect(effect: () => Promise<unknown>): boolean {
      const transaction = currentTransaction()
      transaction?.effects.push(effect)
      return transaction !== undefined
    },
    /** Runs `work`; effects deferred inside run once it has resolved, and never if it rejects. */
    async runTransaction<T>(work: () => Promise<T>): Promise<T> {
      const outer = scope.getStore()
      if (outer !== undefined) return work()
      const transaction: OpenTransaction = { effects: [] }
      openCount += 1
      activeScopes.count += 1
      try {
        const result = await scope.run(transaction, work)
        await scope.run(undefined, () => Promise.all(transaction.effects.map((effect) => effect())))
        return result
      } finally {
        openCount -= 1
        activeScopes.count -= 1
      }
    },
  }
}

export type Transactions = ReturnType<typeof createTransactions>
