import { checkOptions } from '../arguments/check-options'
import type { Invalidated } from '../contracts/cache'
import type { Invalidation } from '../contracts/log'
import type { MaybePromise } from '../maybe-promise'
import type { InvalidateOptions } from '../options'
import { invalidateOptionTable } from './option-tables'
import type { CacheScope } from './scope'

/** The result of an invalidation that is not on the log: it waits for a commit, or its list is empty. */
export const notAppended = (): Invalidated => ({ outcome: 'queued', token: undefined })

/** Invalidates within the transaction of the caller, if there is one. */
export function createIssueInvalidations({ engine }: CacheScope) {
  /** Runs the effect at once, or when the transaction around the caller commits. */
  function commit(effect: () => Promise<Invalidated>): MaybePromise<Invalidated> {
    return engine.transactions.deferEffect(effect) ? notAppended() : effect()
  }

  return {
    commit,
    async issueInvalidations(
      caller: string,
      invalidations: readonly Invalidation[],
      options?: InvalidateOptions,
    ): Promise<Invalidated> {
      engine.checkOpen()
      checkOptions(caller, options, invalidateOptionTable)
      if (invalidations.length === 0) return notAppended()
      return commit(() => engine.invalidator.invalidate(invalidations, options))
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
