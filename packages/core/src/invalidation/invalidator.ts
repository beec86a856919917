import type { Invalidated } from '../contracts/invalidated'
import type { Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import type { InvalidateOptions } from '../options'
import type { Delivery } from './delivery'
import type { Follower } from './follower'
import { createTokenFormat } from './token'

/** Dependencies of an invalidator. */
interface InvalidatorOptions {
  readonly name: string
  readonly follower: Follower
  /** Deletes the entries of keys from the shared tiers. */
  deleteEntries(keys: readonly string[], position: number): Promise<unknown>
}

/** Appends invalidations to the log, and reports whether they were applied or queued. */
export function createInvalidator({ name, follower, deleteEntries }: InvalidatorOptions) {
  const formatToken = createTokenFormat(name)

  /** Deletes the entries of deleted keys early. If that fails, their records on the log still invalidate them. */
  async function deleteKeys(invalidations: readonly Invalidation[], position: number): Promise<void> {
    const keys = invalidations.flatMap((item) =>
      item.scope === 'key' && item.mode === 'hard' ? [item.name] : [],
    )
    if (keys.length > 0) await deleteEntries(keys, position)
  }

  function toInvalidated(delivery: Delivery, options: InvalidateOptions | undefined): Invalidated {
    if (delivery.outcome === 'applied') return { outcome: 'applied', token: formatToken(delivery.position) }
    if (options?.ifUnavailable !== 'throw') return { outcome: 'queued', token: undefined }
    throw new LarderError(
      'INVALIDATION_QUEUED',
      'The log cannot be reached. The invalidation is in force in this process, and waits for the log.',
      { cause: delivery.cause },
    )
  }

  return {
    toInvalidated,
    /** Appends invalidations to the log, then deletes the entries of invalidated keys from the shared tiers. */
    async invalidate(
      invalidations: readonly Invalidation[],
      options: InvalidateOptions | undefined,
    ): Promise<Invalidated> {
      const delivery = await follower.invalidate(invalidations)
      if (delivery.outcome === 'applied') await deleteKeys(invalidations, delivery.position)
      return toInvalidated(delivery, options)
    },
  }
}

export type Invalidator = ReturnType<typeof createInvalidator>
