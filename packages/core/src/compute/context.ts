import { badArgument } from '../arguments/check-arguments'
import type { ComputeContext, PreviousValue } from '../contracts/compute'
import { type Duration, toMs } from '../entry/duration'
import type { LocalEntry, Stamp } from '../entry/entry'
import { isUserTag } from '../entry/reserved-tags'
import { type TagNames, toTagNames } from '../entry/tag-names'
import { LarderError } from '../errors'
import type { Capture } from './dependencies'
import type { ReadRequest } from './read-request'
import type { WaitNode } from './wait-graph'

/** One run of the caller's function. */
export interface Computation {
  readonly request: ReadRequest
  /** Its place in the order of invalidations when it started. */
  readonly stamp: Stamp
  readonly abort: { readonly signal: AbortSignal; readonly reason: unknown }
  readonly isBackground: boolean
  /** Its place in the graph of who waits for whom. */
  readonly waitNode: WaitNode
  /** The old entry, if there is one. */
  readonly previous: LocalEntry | undefined
  /** Runs the function when the limits on computations allow it. @defaultValue at once */
  readonly runLimited?: ((capture: Capture, call: () => unknown) => unknown) | undefined
}

/** The settings that the caller's function has made on its context so far. */
export interface ContextState {
  tags: readonly string[]
  ttl: number | undefined
  isSkipped: boolean
  isRenewed: boolean
  /** The first setting that is invalid: the result is returned and not stored. */
  failure: { readonly error: unknown } | undefined
}

export function emptyContextState(): ContextState {
  return { tags: [], ttl: undefined, isSkipped: false, isRenewed: false, failure: undefined }
}

/**
 * The context of the caller's function. Its methods are getters that return a new function: they can be destructured
 * (`({ tag }) => …`), and a function that never uses them does not pay for creating them.
 */
export class Context implements ComputeContext<unknown> {
  readonly previous: PreviousValue<unknown> | undefined

  constructor(
    private readonly computation: Computation,
    private readonly state: ContextState,
    private readonly capture: Capture,
  ) {
    this.previous = computation.previous && toPreviousValue(computation.previous)
  }

  get signal() {
    return this.computation.abort.signal
  }
  get tags(): readonly string[] {
    // A tag that is pushed would not be one of the value's.
    return Object.freeze([...new Set([...this.state.tags, ...this.capture.tags])].filter(isUserTag))
  }
  set tags(_: unknown) {
    refuseAssignment(this.state, "ctx.tag('user:42')")
  }
  get tag(): ComputeContext['tag'] {
    return (...tags: TagNames[]) =>
      applySetting(this.state, () => {
        const names = tags.flatMap((tag) => toTagNames('context.tag', tag))
        this.state.tags = [...this.state.tags, ...names]
      })
  }
  set tag(_: unknown) {
    refuseAssignment(this.state, "ctx.tag('user:42')")
  }
  get ttl(): ComputeContext['ttl'] {
    return (duration: Duration) =>
      applySetting(this.state, () => {
        this.state.ttl = toMs(duration, 'ctx.ttl')
      })
  }
  set ttl(_: unknown) {
    refuseAssignment(this.state, "ctx.ttl('5m')")
  }
  get skip(): ComputeContext['skip'] {
    return () => {
      this.state.isSkipped = true
    }
  }
  set skip(_: unknown) {
    refuseAssignment(this.state, 'ctx.skip()')
  }
  get fail() {
    return (reason: string | Error) => {
      throw reason instanceof Error ? reason : new LarderError('COMPUTE_FAILED', reason)
    }
  }
  get notModified() {
    return () => {
      const { previous } = this.computation
      if (previous === undefined || this.previous === undefined) {
        throw new LarderError(
          'COMPUTE_FAILED',
          'ctx.notModified() needs ctx.previous: there is no old value to renew.',
        )
      }
      this.state.isRenewed = true
      return previous.copy(previous.value) as never
    }
  }
}

/** An invalid setting must not end the caller's function: it keeps the result out of the cache. */
function applySetting(state: ContextState, apply: () => void): void {
  try {
    apply()
  } catch (error) {
    state.failure ??= { error }
  }
}

/** The caller's function goes on: a setting that is assigned, and not called, keeps the result out of the cache. */
function refuseAssignment(state: ContextState, example: string): void {
  state.failure ??= { error: badArgument('Settings of ctx are called, not assigned.', example) }
}

/** A remembered error is not a previous value. */
function toPreviousValue(entry: LocalEntry): PreviousValue<unknown> | undefined {
  const { kind, value, copy, createdAt, tags } = entry
  if (kind === 'error') return undefined
  return { value: copy(value), createdAt: new Date(createdAt), tags }
}
