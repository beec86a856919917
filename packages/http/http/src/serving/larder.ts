import { type Cache, type ComputeContext, toMs } from '@larder/core'
import type { Larder } from '../contracts/handler'

/** What a handler has said about the response it makes. */
export interface Remarks extends Larder {
  /** In ms. */
  readonly saidTtl: number | undefined
  readonly isSkipped: boolean
}

/** For a response that is to be stored by this computation. */
export function larderFor(cache: Cache, context: Pick<ComputeContext, 'tag'>): Remarks {
  let saidTtl: number | undefined
  let isSkipped = false
  return {
    get saidTtl() {
      return saidTtl
    },
    get isSkipped() {
      return isSkipped
    },
    tag: (...tags) => context.tag(...tags),
    ttl(duration) {
      saidTtl = toMs(duration, 'ttl')
    },
    skip() {
      isSkipped = true
    },
    invalidate: (tags) => cache.invalidate(tags),
  }
}

/** For a response that is not stored: only what it ends counts. */
export function larderForNothing(cache: Cache): Larder {
  return larderFor(cache, { tag: () => undefined })
}
