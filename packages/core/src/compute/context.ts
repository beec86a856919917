import type { ComputeContext, PreviousValue } from '../contracts/compute'
import { type Duration, toMs } from '../entry/duration'
import { checkTag } from '../entry/key'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { isUserTag } from '../entry/reserved-tags'
import { LarderError } from '../errors'
import type { Capture } from './dependencies'
import type { ReadRequest } from './read-request'

/** One run of the caller's function. */
export interface Run {
  readonly request: ReadRequest
  /** Where it starts. */
  readonly stamp: Stamp
  readonly abort: { readonly signal: AbortSignal; readonly reason: unknown }
  readonly isBackground: boolean
  /** The old entry, if there is one. */
  readonly previous: LocalEntry | undefined
}

/** What a computation said about its result while it ran. */
export interface ContextState {
  tags: readonly string[]
  ttl: number | undefined
  skipped: boolean
  renewed: boolean
}

export function emptyContextState(): ContextState {
  return { tags: [], ttl: undefined, skipped: false, renewed: false }
}

/**
 * What the caller's function gets: it writes down what the function says. The functions on it are made when they are taken,
 * so that they can be taken apart (`({ tag }) => …`) and cost nothing where they are not used.
 */
export class Context implements ComputeContext<unknown> {
  readonly previous: PreviousValue<unknown> | undefined

  constructor(
    private readonly run: Run,
    private readonly remarks: ContextState,
    private readonly capture: Capture,
  ) {
    this.previous = run.previous && previousOf(run.previous)
  }

  get signal() {
    return this.run.abort.signal
  }
  get tags() {
    return [...new Set([...this.remarks.tags, ...this.capture.tags])].filter(isUserTag)
  }
  get tag() {
    return (...tags: string[]) => {
      for (const tag of tags) checkTag(tag)
      this.remarks.tags = [...this.remarks.tags, ...tags]
    }
  }
  get ttl() {
    return (duration: Duration) => {
      this.remarks.ttl = toMs(duration, 'ctx.ttl')
    }
  }
  get skip() {
    return () => {
      this.remarks.skipped = true
    }
  }
  get fail() {
    return (reason: string | Error) => {
      throw reason instanceof Error ? reason : new LarderError('COMPUTE_FAILED', reason)
    }
  }
  get notModified() {
    return () => {
      const { previous } = this.run
      if (previous === undefined || this.previous === undefined) {
        throw new LarderError(
          'COMPUTE_FAILED',
          'ctx.notModified() needs ctx.previous: there is no old value to renew.',
        )
      }
      this.remarks.renewed = true
      return previous.copy(previous.value)
    }
  }
}

/** Errors that are remembered are no values. */
function previousOf({ kind, value, copy, createdAt, tags }: LocalEntry): PreviousValue<unknown> | undefined {
  if (kind === 'error') return undefined
  return { value: copy(value), createdAt: new Date(createdAt), tags }
}
