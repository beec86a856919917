import type { LinkChange } from '../invalidation/tag-graph'

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
export type Ending = 'committed' | 'rolled back' | 'in doubt'

/** A transaction and the work that waits for its end. */
export interface TransactionScope {
  /** The transaction around this one, which takes over its work. */
  readonly outer: TransactionScope | undefined
  readonly deferred: DeferredWork[]
  isOver: boolean
}

/** The innermost of the transactions around a scope that is not over. */
export function innermostOpen(scope: TransactionScope | undefined): TransactionScope | undefined {
  let current = scope
  while (current?.isOver) current = current.outer
  return current
}

/** The changes of the tag graph that wait for a transaction and those around it, in the order of the calls. */
export function linkChangesOf(scope: TransactionScope | undefined): readonly LinkChange[] {
  if (scope === undefined) return []
  const own = scope.deferred.flatMap(({ linkChange }) => linkChange ?? [])
  return [...linkChangesOf(innermostOpen(scope.outer)), ...own]
}

/** Ends a transaction. Returns the work to be run now; undefined if it is dropped, or waits for the transaction around it. */
export function closeScope(scope: TransactionScope, ending: Ending): readonly DeferredWork[] | undefined {
  scope.isOver = true
  // The scope may live on in asynchronous contexts, and must not hold values there.
  const deferred = scope.deferred.splice(0)
  if (ending === 'rolled back') return undefined
  const work = ending === 'committed' ? deferred : deferred.map(asInDoubt)
  const outer = innermostOpen(scope.outer)
  if (outer === undefined) return work
  outer.deferred.push(...work)
  return undefined
}

function asInDoubt({ onDoubt }: DeferredWork): DeferredWork {
  return { onCommit: onDoubt, onDoubt }
}

/** Starts all work in order. @throws the first failure, after all of it has ended. */
export async function runDeferred(work: readonly DeferredWork[]): Promise<void> {
  const results = await Promise.allSettled(work.map(async ({ onCommit }) => onCommit()))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
