import { type Cache, type ComputeContext, toMs } from '@larder/core'
import type { ResponseHints } from '../contracts/handler'
import { invalidateUser } from './invalidate-user'

/** The hints that one run of the handler has given. */
export interface RecordedHints extends ResponseHints {
  /** In ms. */
  readonly chosenTtl: number | undefined
  readonly isSkipped: boolean
}

/** Hints for a response that the computation `context` is going to store. */
export function recordHints(cache: Cache, context: Pick<ComputeContext, 'tag'>): RecordedHints {
  let chosenTtl: number | undefined
  let isSkipped = false
  return {
    get chosenTtl() {
      return chosenTtl
    },
    get isSkipped() {
      return isSkipped
    },
    tag: (...tags) => context.tag(...tags),
    ttl(duration) {
      chosenTtl = toMs(duration, 'ttl')
    },
    skip() {
      isSkipped = true
    },
    invalidate: (tags) => cache.invalidate(tags),
    invalidateUser: (id) => invalidateUser(cache, id),
  }
}

/** Hints for a response that is not stored: only those that invalidate have an effect. */
export function inertHints(cache: Cache): ResponseHints {
  return recordHints(cache, { tag: () => undefined })
}
