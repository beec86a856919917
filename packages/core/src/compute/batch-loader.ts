import type { ComputeManyContext, ComputeMissing } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { ComputeContext } from '../contracts/compute'
import type { Duration } from '../entry/duration'
import { LarderError } from '../errors'
import { type Capture, type Dependencies, inherit } from './dependencies'

/** A key that waits for its value. */
interface Ask {
  readonly key: string
  readonly context: ComputeContext
  resolve(result: Batch): void
  reject(error: unknown): void
}

/** What one call of the function brought. */
interface Batch {
  readonly values: ReadonlyMap<string, unknown>
  readonly capture: Capture
  readonly remarks: ReadonlyMap<string, readonly ((context: ComputeContext) => void)[]>
}

/** What is needed to compute keys together. */
export interface BatchLoaderOptions {
  readonly clock: Clock
  readonly dependencies: Dependencies
  readonly computeMissing: ComputeMissing<unknown>
  /** A key of the call, qualified by its namespace. */
  keyOf(key: string): string
}

/**
 * Gathers the keys of one call that turn out to be missing and computes them with one call of the function, as soon
 * as it is decided for each key whether it is. Keys that ask later (refreshes) share further calls.
 */
export function createBatchLoader({ clock, dependencies, computeMissing, keyOf }: BatchLoaderOptions) {
  const undecided = new Set<string>()
  let asks: Ask[] = []
  let cancel: (() => void) | undefined

  function fire(): void {
    cancel?.()
    cancel = undefined
    const batch = asks
    asks = []
    if (batch.length > 0) void answer(batch)
  }

  async function answer(batch: readonly Ask[]): Promise<void> {
    try {
      const keys = new Set(batch.map(({ key }) => keyOf(key)))
      const result = await dependencies.run(keys, (capture) => call(batch, capture))
      for (const ask of batch) ask.resolve(result)
    } catch (error) {
      for (const ask of batch) ask.reject(error)
    }
  }

  async function call(batch: readonly Ask[], capture: Capture): Promise<Batch> {
    const remarks = new Map<string, ((context: ComputeContext) => void)[]>()
    const keys = batch.map(({ key }) => key)
    const result = await computeMissing(keys, contextOf(batch, remarks))
    return { values: byKey(keys, result), capture, remarks }
  }

  return {
    /** Announces a key whose fate is open. */
    expect: (key: string) => void undecided.add(key),

    /** The key's fate is known: it was found, or has asked for its value. */
    decide(key: string): void {
      if (undecided.delete(key) && undecided.size === 0) fire()
    },

    /** The computation of one key: waits for the call that computes them all. */
    async value(key: string, context: ComputeContext): Promise<unknown> {
      const batch = await new Promise<Batch>((resolve, reject) => {
        asks.push({ key, context, resolve, reject })
        if (undecided.has(key)) this.decide(key)
        else cancel ??= clock.timeout(0, fire)
      })
      const capture = dependencies.current()
      if (capture !== undefined) inherit(capture, batch.capture)
      for (const remark of batch.remarks.get(key) ?? []) remark(context)
      return batch.values.get(key)
    },
  }
}

function byKey(
  keys: readonly string[],
  result: readonly unknown[] | ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  if (!Array.isArray(result)) return result as ReadonlyMap<string, unknown>
  if (result.length === keys.length) return new Map(keys.map((key, at) => [key, result[at]]))
  throw new LarderError(
    'COMPUTE_FAILED',
    `getManyOrCompute: the function was asked for ${keys.length} values and returned ${result.length}. Return one per key in their order, or a Map.`,
  )
}

function contextOf(
  batch: readonly Ask[],
  remarks: Map<string, ((context: ComputeContext) => void)[]>,
): ComputeManyContext {
  const note = (key: string, remark: (context: ComputeContext) => void) => {
    remarks.set(key, [...(remarks.get(key) ?? []), remark])
  }
  return {
    signal: whenAllAbort(batch.map(({ context }) => context.signal)),
    tag: (key, ...tags) => note(key, (context) => context.tag(...tags)),
    ttl: (key, duration: Duration) => note(key, (context) => context.ttl(duration)),
    skip: (key) => note(key, (context) => context.skip()),
  }
}

/** Nobody needs the result once nobody needs any part of it. */
function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  let waiting = signals.length
  for (const signal of signals) {
    signal.addEventListener('abort', () => {
      waiting -= 1
      if (waiting === 0) controller.abort(signal.reason)
    })
  }
  return controller.signal
}

export type BatchLoader = ReturnType<typeof createBatchLoader>
