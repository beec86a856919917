import { type ActiveScopes, createAsyncScope } from '../async-scope'
import type { Transaction } from '../contracts/transaction'
import type { LinkChange } from '../invalidation/tag-graph'
import type { TransactionOptions } from '../options'
import {
  closeScope,
  type DeferredWork,
  type Ending,
  innermostOpen,
  linkChangesOf,
  runDeferred,
  type TransactionScope,
} from './transaction-scope'

/**
 * Defers invalidations until the transaction around them has committed: issued earlier, another process could read the old
 * row after the invalidation and cache it as new.
 *
 * A transaction that is over defers nothing. Work that it started and did not await goes on in its asynchronous context, and may
 * outlive it: what this work invalidates then takes effect at once.
 */
export function createTransactions(activeScopes: ActiveScopes) {
  const storage = createAsyncScope<TransactionScope>(activeScopes)
  const isIdle = () => activeScopes.count === 0
  const currentScope = () => (isIdle() ? undefined : innermostOpen(storage.getStore()))
  const runOutside = <T>(work: () => T): T => (isIdle() ? work() : storage.run(undefined, work))

  function openScope(): TransactionScope {
    const scope: TransactionScope = { outer: currentScope(), deferred: [], isOver: false }
    storage.beginUse()
    return scope
  }

  /** Ends a transaction and runs the work that waited for it. Rejects with the first failure of work that it committed. */
  async function endScope(scope: TransactionScope, ending: Ending): Promise<void> {
    if (scope.isOver) return
    try {
      const work = closeScope(scope, ending)
      if (work !== undefined) await runOutside(() => runDeferred(work))
    } finally {
      storage.endUse()
    }
  }

  return {
    close: storage.disable,
    /** Whether the caller is inside a transaction: then its reads may return rows that are not committed. */
    get isOpen() {
      return currentScope() !== undefined
    },
    /** The innermost open transaction around the caller. */
    get current(): object | undefined {
      return currentScope()
    },
    /** Defers the work to the end of the transaction. Returns `false` if the caller is not inside one. */
    deferWork(work: DeferredWork): boolean {
      const scope = currentScope()
      scope?.deferred.push(work)
      return scope !== undefined
    },
    /** The changes of the tag graph that wait for the transactions around the caller, in the order of the calls. */
    deferredLinkChanges: (): readonly LinkChange[] => linkChangesOf(currentScope()),
    /** Runs `work` outside every transaction. */
    runOutside,

    /** Opens a transaction whose end the caller reports. */
    beginTransaction(): Transaction {
      const scope = openScope()
      return {
        run: (work) => storage.run(scope, work),
        commit: () => endScope(scope, 'committed'),
        rollback: () => endScope(scope, 'rolled back'),
        inDoubt: () => endScope(scope, 'in doubt'),
      }
    },
  }
}

export type Transactions = ReturnType<typeof createTransactions>

/**
 * Runs `work` as the whole of a transaction. Deferred work is run before it settles. `onError` gets a failure of that work if
 * the caller gets the error of the transaction.
 */
export async function runTransaction<T>(
  transaction: Transaction,
  work: () => T | PromiseLike<T>,
  onError: (error: unknown) => void,
  options: TransactionOptions = {},
): Promise<T> {
  let result: T
  try {
    result = await transaction.run(work)
  } catch (error) {
    const endFailed = isRolledBack(options, error) ? transaction.rollback : transaction.inDoubt
    await endFailed().catch(onError)
    throw error
  }
  await transaction.commit()
  return result
}

/** Whether the failure proves that nothing was committed. A proof that fails itself proves nothing. */
export function isRolledBack({ rolledBack }: TransactionOptions, error: unknown): boolean {
  try {
    return rolledBack?.(error) === true
  } catch {
    return false
  }
}
