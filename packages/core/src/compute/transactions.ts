import { createAsyncScope } from '../async-scope'
import type { Transaction } from '../contracts/transaction'
import type { LinkChange } from '../invalidation/tag-graph'
import type { TransactionOptions } from '../options'
import type { ActiveScopes } from './active-scopes'

/** Work that waits for the end of a transaction. A transaction that is rolled back drops it. */
export interface DeferredWork {
  /** Runs once the transaction has committed. */
  onCommit(): unknown
  /** Runs if nobody knows whether the transaction has committed, so it must be right in both cases. */
  onDoubt(): unknown
  /** The change of the tag graph that it will make. */
  readonly linkChange?: LinkChange | undefined
}

/** How a transaction ended. `in doubt`: it failed, and may have committed before that. */
type Ending = 'committed' | 'rolled back' | 'in doubt'

/** A transaction and the work that waits for its end. */
interface Scope {
  /** The transaction around this one, which takes over its work. */
  readonly outer: Scope | undefined
  readonly deferred: DeferredWork[]
  isOver: boolean
}

/**
 * Defers invalidations until the transaction around them has committed: issued earlier, another process could read the old
 * row after the invalidation and cache it as new.
 *
 * A transaction that is over is none. Work that it started and did not await goes on in its asynchronous context, and may
 * outlive it: what this work invalidates then takes effect at once.
 */
export function createTransactions(activeScopes: ActiveScopes) {
  const storage = createAsyncScope<Scope>()
  let openCount = 0
  const currentScope = () => (openCount > 0 ? innermostOpen(storage.getStore()) : undefined)
  const runOutside = <T>(work: () => T): T => (openCount > 0 ? storage.run(undefined, work) : work())

  function openScope(): Scope {
    const scope: Scope = { outer: currentScope(), deferred: [], isOver: false }
    openCount += 1
    activeScopes.count += 1
    return scope
  }

  /** Ends a transaction and runs the work that waited for it. Rejects with the first failure of work that it committed. */
  async function endScope(scope: Scope, ending: Ending): Promise<void> {
    if (scope.isOver) return
    scope.isOver = true
    // The scope may live on in asynchronous contexts, and must not hold values there.
    const deferred = scope.deferred.splice(0)
    try {
      if (ending === 'rolled back') return
      const work = ending === 'committed' ? deferred : deferred.map(asInDoubt)
      const outer = innermostOpen(scope.outer)
      if (outer === undefined) await runOutside(() => runAll(work))
      else outer.deferred.push(...work)
    } finally {
      openCount -= 1
      activeScopes.count -= 1
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

    /** Runs a transaction as one function. Deferred work is run before it settles. */
    async runTransaction<T>(work: () => T | PromiseLike<T>, options: TransactionOptions = {}): Promise<T> {
      const scope = openScope()
      let result: T
      try {
        result = await storage.run(scope, work)
      } catch (error) {
        await endScope(scope, isRolledBack(options, error) ? 'rolled back' : 'in doubt').catch(
          () => undefined,
        )
        throw error
      }
      await endScope(scope, 'committed')
      return result
    },

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

/** Whether the failure proves that nothing was committed. A proof that itself fails is none. */
export function isRolledBack({ rolledBack }: TransactionOptions, error: unknown): boolean {
  try {
    return rolledBack?.(error) === true
  } catch {
    return false
  }
}

/** The innermost of the transactions around a scope that is not over. */
function innermostOpen(scope: Scope | undefined): Scope | undefined {
  let current = scope
  while (current?.isOver) current = current.outer
  return current
}

function linkChangesOf(scope: Scope | undefined): readonly LinkChange[] {
  if (scope === undefined) return []
  const own = scope.deferred.flatMap(({ linkChange }) => linkChange ?? [])
  return [...linkChangesOf(innermostOpen(scope.outer)), ...own]
}

function asInDoubt({ onDoubt }: DeferredWork): DeferredWork {
  return { onCommit: onDoubt, onDoubt }
}

/** Starts all work in order. @throws the first failure, after all of it has ended. */
async function runAll(work: readonly DeferredWork[]): Promise<void> {
  const results = await Promise.allSettled(work.map(async ({ onCommit }) => onCommit()))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
