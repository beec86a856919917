import { checkOptions } from '../arguments/check-options'
import type { DeferredWork } from '../compute/transaction-scope'
import type { Invalidated } from '../contracts/invalidated'
import type { Invalidation } from '../contracts/log'
import type { MaybePromise } from '../maybe-promise'
import type { InvalidateOptions } from '../options'
import { invalidateOptionTable } from './option-tables'
import type { CacheScope } from './scope'

/** A change that takes effect at once, or at the end of the transaction around the call. */
interface Change extends DeferredWork {
  onCommit(): Promise<Invalidated>
}

const deferred: Invalidated = { outcome: 'deferred', token: undefined }

/** The result of an invalidation of nothing. */
export const nothingToApply: Invalidated = { outcome: 'applied', token: undefined }

/** Invalidates within the transaction of the caller, if there is one. */
export function createIssueInvalidations({ engine }: CacheScope) {
  /** A cache that was closed meanwhile makes no change: nothing would deliver it. */
  function unlessClosed(work: () => unknown): () => unknown {
    return () => {
      engine.checkOpen()
      return work()
    }
  }

  /** Makes the change at once, or when the transaction around the caller ends. */
  function makeChange({ onCommit, onDoubt, linkChange }: Change): MaybePromise<Invalidated> {
    if (!engine.transactions.isOpen) return onCommit()
    engine.transactions.deferWork({
      onCommit: unlessClosed(onCommit),
      onDoubt: unlessClosed(onDoubt),
      linkChange,
    })
    return deferred
  }

  return {
    makeChange,
    async issueInvalidations(
      caller: string,
      invalidations: readonly Invalidation[],
      options?: InvalidateOptions,
    ): Promise<Invalidated> {
      engine.checkOpen()
      checkOptions(caller, options, invalidateOptionTable)
      if (invalidations.length === 0) return nothingToApply
      const invalidate = () => engine.invalidator.invalidate(invalidations, options)
      return makeChange({ onCommit: invalidate, onDoubt: invalidate })
    },
  }
}

export function invalidationsOf(
  scope: 'tag' | 'key',
  names: readonly string[],
  options: InvalidateOptions | undefined,
): Invalidation[] {
  return names.map((name) => ({ scope, mode: options?.mode ?? 'hard', name }))
}
