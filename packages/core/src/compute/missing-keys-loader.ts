import type { Clock } from '../contracts/clock'
import type { ComputeContext } from '../contracts/compute'
import type { ComputeManyContext, ComputeMissing } from '../contracts/compute-missing'
import { isError } from '../entry/byte-form'
import type { Duration } from '../entry/duration'
import { runAsPromiseJob } from '../real-scheduling'
import { onceAborted } from './abort-listeners'
import { valuesByKey } from './batch-values'
import { bounded, stricterOf } from './demand'
import { type Capture, computationsAround, type Dependencies, inheritCapture } from './dependencies'
import type { ReadRequest } from './read-request'
import { type LimitTime, runWithinLimits, type SourceLimit } from './source-limit'
import { createWaitNode, recordWait } from './wait-graph'

/** Keys of a batch that is computed in one of all processes, at most: each key has a lease of its own. */
const maxLeasedKeys = 100

/** A missing key that waits for its value. */
interface PendingKey {
  readonly key: string
  readonly context: ComputeContext
  /** The computation of this key, which waits for that of the batch. */
  readonly capture: Capture | undefined
  resolve(result: BatchResult): void
}

/** A call on the context of one key. */
type ContextCall = (context: ComputeContext) => void

/** One call of the function for many keys. */
interface BatchCall {
  readonly capture: Capture
  /** The calls that the function made for single keys, to be applied to their contexts. */
  readonly contextCalls: Map<string, readonly ContextCall[]>
}

/** The result of a call. A failure depends on everything that the function had read and tagged until then. */
type BatchResult = BatchCall &
  (
    | { readonly outcome: 'values'; readonly values: ReadonlyMap<string, unknown> }
    | { readonly outcome: 'failure'; readonly error: unknown }
  )

/** Dependencies of {@link createBatchLoader}. */
interface BatchLoaderOptions {
  /** The method that got the function, for error messages. */
  readonly caller: string
  readonly clock: Clock
  readonly dependencies: Dependencies
  readonly computeMissing: ComputeMissing<unknown>
  /** The limit on computations of the cache: the call of the function takes one place. */
  readonly sourceLimit: SourceLimit | undefined
  readonly limitTime: LimitTime
  readonly hardTimeout: number
  /** Whether a missing row is stored, because `negativeTtl` says for how long. */
  readonly keepsMissing: boolean
  /** Qualifies a key by its namespace. */
  qualifyKey(key: string): string
}

/**
 * Collects the missing keys of one `getManyOrCompute` and computes them with one call of the function, as soon as every key
 * is known to be cached or missing. Keys that are computed later (refreshes) share further calls.
 */
export function createBatchLoader(options: BatchLoaderOptions) {
  const { clock, dependencies } = options
  const undecided = new Set<string>()
  let pending: PendingKey[] = []
  let cancelTimer: (() => void) | undefined

  function dispatchBatch(): void {
    cancelTimer?.()
    cancelTimer = undefined
    const batch = pending
    pending = []
    if (batch.length > 0) void computeBatch(batch, options)
  }

  /** The batch leaves after the jobs of this turn: calls for `fresh` values that come until then share it. */
  function markDecided(key: string): void {
    if (undecided.delete(key) && undecided.size === 0) runAsPromiseJob(dispatchBatch)
  }

  return {
    /** Announces a key that may turn out to be missing. */
    addKey: (key: string) => void undecided.add(key),

    /** The key was found, or waits for its value. */
    markDecided,

    /** Whether the key waits for a call of the function that has not begun. */
    isPending: (key: string) => pending.some((item) => item.key === key),

    /** The computation of one key: waits for the call that computes all missing keys. */
    async computeOne(key: string, context: ComputeContext): Promise<unknown> {
      const capture = dependencies.currentCapture()
      const result = await new Promise<BatchResult>((resolve) => {
        pending.push({ key, context, capture, resolve })
        if (undecided.has(key)) markDecided(key)
        else cancelTimer ??= clock.timeout(0, dispatchBatch)
      })
      if (capture !== undefined) inheritCapture(capture, result.capture)
      for (const applyTo of result.contextCalls.get(key) ?? []) applyTo(context)
      if (result.outcome === 'failure') throw result.error
      const value = result.values.get(key)
      if (isErrorOfRow(value)) throw value
      if (value === undefined && !options.keepsMissing) context.skip()
      return value
    },
  }
}

/** Whether the source put an error in the place of a row. False for a proxy that does not answer. */
function isErrorOfRow(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && isError(value)
  } catch {
    return false
  }
}

type BatchLoader = ReturnType<typeof createBatchLoader>

/**
 * Reads all requests at once, and has the batch loader compute the missing ones. Returns the promise of each value by name: a
 * failure of the function rejects only those that it was called for.
 */
export function readBatch(
  requests: readonly (readonly [name: string, request: ReadRequest])[],
  batchLoader: BatchLoader,
  readOne: (request: ReadRequest) => Promise<unknown>,
): Map<string, Promise<unknown>> {
  const isLarge = requests.length > maxLeasedKeys
  for (const [name] of requests) batchLoader.addKey(name)
  const values = requests.map(([name, request]) => {
    const markDecided = () => batchLoader.markDecided(name)
    const isPending = () => batchLoader.isPending(name)
    const value = readOne({ ...request, batch: { markDecided, isPending, isLarge } })
    return [name, value.finally(markDecided)] as const
  })
  return new Map(values)
}

async function computeBatch(batch: readonly PendingKey[], options: BatchLoaderOptions): Promise<void> {
  const keys = new Set(batch.map(({ key }) => options.qualifyKey(key)))
  const demand = batch.map(({ capture }) => capture?.demand ?? bounded).reduce(stricterOf, bounded)
  const waitNode = createWaitNode()
  const waiters = batch.flatMap(({ capture }) => capture?.waitNode ?? [])
  const computed = options.dependencies.trackComputation(keys, waitNode, demand, (capture) =>
    callComputeMissing(batch, { capture, contextCalls: new Map() }, options),
  )
  const result = await recordWait(waiters, waitNode, computed)
  for (const { resolve } of batch) resolve(result)
}

async function callComputeMissing(
  batch: readonly PendingKey[],
  call: BatchCall,
  { caller, computeMissing, sourceLimit, limitTime, hardTimeout }: BatchLoaderOptions,
): Promise<BatchResult> {
  const { capture, contextCalls } = call
  const keys = batch.map(({ key }) => key)
  const given = [...keys]
  const limits = sourceLimit === undefined ? [] : [sourceLimit]
  const applicant = {
    key: keys[0] ?? '',
    capture,
    hardTimeout,
    limitTime,
    flight: undefined,
    listWaiters: computationsAround,
  }
  try {
    const found = await runWithinLimits(limits, applicant, () =>
      computeMissing(given, createManyContext(batch, contextCalls)),
    )
    return { ...call, outcome: 'values', values: valuesByKey(caller, keys, given, found) }
  } catch (error) {
    return { ...call, outcome: 'failure', error }
  }
}

/** Records the calls for each key: they are applied to that key's own context once the values are there. */
function createManyContext(
  batch: readonly PendingKey[],
  contextCalls: BatchCall['contextCalls'],
): ComputeManyContext {
  const recordCall = (key: string, call: ContextCall) => {
    contextCalls.set(key, [...(contextCalls.get(key) ?? []), call])
  }
  let signal: AbortSignal | undefined
  return {
    // Most functions never read it.
    get signal() {
      signal ??= abortedWhenAllAre(batch.map(({ context }) => context.signal))
      return signal
    },
    tag: (key, ...tags) => recordCall(key, (context) => context.tag(...tags)),
    ttl: (key, duration: Duration) => recordCall(key, (context) => context.ttl(duration)),
    skip: (key) => recordCall(key, (context) => context.skip()),
  }
}

/** A signal that is aborted once the computations of all keys are. */
function abortedWhenAllAre(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  let active = signals.length
  const countDown = (reason: unknown) => {
    active -= 1
    if (active === 0) controller.abort(reason)
  }
  for (const signal of signals)
    if (signal.aborted) countDown(signal.reason)
    else onceAborted(signal, () => countDown(signal.reason))
  return controller.signal
}
