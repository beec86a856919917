import type { ComputeContext } from '../contracts/compute'
import { type Duration, toMs } from '../entry/duration'
import type { HeldEntry, Stamp } from '../entry/held'
import { checkTag } from '../entry/key'
import { isUserTag } from '../entry/tag'
import { LarderError } from '../errors'
import type { Capture } from './dependencies'
import type { LateSignal } from './late-signal'
import type { Request } from './request'

/** One run of the caller's function. */
export interface Run {
  readonly request: Request
  /** Where it starts. */
  readonly stamp: Stamp
  readonly abort: Pick<LateSignal, 'signal' | 'reason'>
  readonly isBackground: boolean
  /** The old entry, if there is one. */
  readonly previous: HeldEntry | undefined
}

/** What a computation said about its result while it ran. */
export interface Remarks {
  tags: readonly string[]
  ttl: number | undefined
  skipped: boolean
  renewed: boolean
}

export function unremarked(): Remarks {
  return { tags: [], ttl: undefined, skipped: false, renewed: false }
}

/** What the caller's function gets: it writes down what the function says. */
export function contextOf({ abort, previous }: Run, remarks: Remarks, capture: Capture): ComputeContext<unknown> {
  const known = previous?.kind === 'value' ? previous : undefined
  return {
    get signal() {
      return abort.signal
    },
    previous: known && {
      value: known.copy(known.value),
      createdAt: new Date(known.createdAt),
      tags: known.tags,
    },
    tag(...tags) {
      for (const tag of tags) checkTag(tag)
      remarks.tags = [...remarks.tags, ...tags]
    },
    get tags() {
      return [...new Set([...remarks.tags, ...capture.tags])].filter(isUserTag)
    },
    ttl(duration: Duration) {
      remarks.ttl = toMs(duration, 'ctx.ttl')
    },
    skip() {
      remarks.skipped = true
    },
    fail(reason) {
      throw reason instanceof Error ? reason : new LarderError('COMPUTE_FAILED', reason)
    },
    notModified() {
      if (known === undefined) {
        throw new LarderError(
          'COMPUTE_FAILED',
          'ctx.notModified() needs ctx.previous: there is no old value to renew.',
        )
      }
      remarks.renewed = true
      return known.copy(known.value)
    },
  }
}
