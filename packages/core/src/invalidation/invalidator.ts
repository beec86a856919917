import type { Invalidated } from '../contracts/cache'
import type { Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import type { InvalidateOptions } from '../options'
import type { Recorder } from '../telemetry/recorder'
import type { Delivery } from './delivery'
import type { Follower } from './follower'
import { formatToken } from './token'

/** What invalidating is made of. */
export interface InvalidatorOptions {
  readonly name: string
  readonly follower: Follower
  readonly recorder: Recorder
  /** Removes the entries of keys from the shared tiers. */
  deleteEntries(keys: readonly string[], position: number): Promise<unknown>
}

/** Puts invalidations on the log, and says honestly what became of them. */
export function createInvalidator({ name, follower, recorder, deleteEntries: remove }: InvalidatorOptions) {
  /** Entries of deleted keys are removed as well; if that fails, their records on the log still end them. */
  async function removeKeys(invalidations: readonly Invalidation[], position: number): Promise<void> {
    const keys = invalidations.flatMap((item) =>
      item.scope === 'key' && item.mode === 'hard' ? [item.name] : [],
    )
    if (keys.length > 0) await remove(keys, position)
  }

  async function appendRecords(invalidations: readonly Invalidation[]): Promise<Delivery> {
    const delivery = await follower.invalidate(invalidations)
    recorder.invalidate(invalidations, delivery.outcome)
    return delivery
  }

  function toResult(delivery: Delivery, options: InvalidateOptions | undefined): Invalidated {
    if (delivery.outcome === 'applied')
      return { outcome: 'applied', token: formatToken(name, delivery.position) }
    if (options?.ifUnavailable !== 'throw') return { outcome: 'queued', token: undefined }
    throw new LarderError(
      'INVALIDATION_QUEUED',
      'The log cannot be reached. The invalidation is in force in this process and is repeated until it arrives.',
      { cause: delivery.cause },
    )
  }

  return {
    record: appendRecords,
    result: toResult,
    /** Records invalidations and removes what they end. */
    async invalidate(
      invalidations: readonly Invalidation[],
      options: InvalidateOptions | undefined,
    ): Promise<Invalidated> {
      const delivery = await appendRecords(invalidations)
      if (delivery.outcome === 'applied') await removeKeys(invalidations, delivery.position)
      return toResult(delivery, options)
    },
  }
}

export type Invalidator = ReturnType<typeof createInvalidator>
