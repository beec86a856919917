import {
  type ComputeContext,
  type ComputeOptions,
  LarderError,
  neutralEntryOptions,
  systemClock,
} from '@larder/core'
import type { CacheStatus } from '../fields/cache-status'
import { readStored } from '../policy/read-stored'
import type { StoredResponse } from '../policy/stored-response'
import type { Exchange, ResponseCache } from './exchange'
import type { HitForMiss } from './hit-for-miss'
import { Lead } from './lead'
import type { ResponseSink } from './miss-context'
import { hit } from './respond'
import { ResponseClosed } from './response-closed'
import type { ResponseStorer } from './store-response'
import { assessResponse, endsLookup, type FoundResponse, suitabilityOf } from './suitability'

/** Dependencies of {@link createLookup}. */
export interface LookupOptions {
  readonly responses: ResponseCache
  readonly storeResponse: ResponseStorer
  readonly hitForMiss: HitForMiss
  /** Names of request fields that say who sends a request. */
  readonly credentials: ReadonlySet<string>
  /** How long a request waits for the run of another one, in ms. `0`: never. */
  readonly collapseTimeout: number
  /** The runs that others may wait for, by key. */
  readonly leads: Map<string, Lead>
  now(): number
}

/** The handler's response flows to the client. */
export type Delivered = 'delivered'

/**
 * The outcome of one attempt. `leader-left`: the run that this request waited for ended without a response, because its
 * client left. `not-shared`: there is no response to share, or waiting for it took too long.
 */
export type LoadOutcome = FoundResponse | Delivered | 'leader-left' | 'not-shared'

const revalidated: CacheStatus = { forward: 'stale' }

/** The response of another request's run. If a stored response was rejected before that, it was stale. */
const collapsedAfter = (rejected: FoundResponse | undefined): CacheStatus => ({
  forward: rejected === undefined ? 'miss' : 'stale',
  isCollapsed: true,
})

/** Neutral options of the data cache: the HTTP policy alone decides how long a response is kept and served. */
function computeOptions(
  serveIf: (stored: StoredResponse | undefined) => boolean,
  wait: Pick<ComputeOptions, 'fresh' | 'signal' | 'hardTimeout'>,
): ComputeOptions<StoredResponse | undefined> {
  return { ...neutralEntryOptions, serveIf, ...wait, isolate: false }
}

/** Ends a request's wait for another one's run. */
class Wait {
  readonly #controller = new AbortController()
  #stop: () => void = () => undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** `onTimeout` is called when the wait has taken too long, by `deadline` or by `lead`. */
  start(deadline: number, lead: Lead | undefined, onTimeout: () => void): void {
    const leave = () => {
      onTimeout()
      this.#controller.abort(new LarderError('ABORTED', 'The response of another request took too long.'))
    }
    const cancelTimer = systemClock.background(Math.max(0, deadline - systemClock.monotonic()), leave)
    const unfollow = lead?.follow(leave)
    this.#stop = () => {
      cancelTimer()
      unfollow?.()
    }
  }

  stop(): void {
    this.#stop()
  }
}

/**
 * Loads a response through the cache. If neither the store nor a run under way has a suitable one, the handler runs for
 * this request, and its response flows to the client. Waits for another request's run until `deadline`, in monotonic ms.
 */
export function loadOrFollow(
  options: LookupOptions,
  exchange: Exchange,
  key: string,
  deadline: number,
): Promise<LoadOutcome> {
  const { leads, hitForMiss } = options
  const wait = new Wait()
  const lead = new Lead()
  const attempt = new Attempt(options, exchange, key, lead)
  const leader = leads.get(key)
  if (leader === undefined) leads.set(key, lead)
  const runAndLead = (context: ComputeContext<StoredResponse | undefined>) => {
    wait.stop()
    leads.set(key, lead)
    return attempt.run(context)
  }
  const loaded = exchange.responses.getOrCompute(
    key,
    runAndLead,
    computeOptions(attempt.canServe, { signal: wait.signal }),
  )
  // Requests that come later do not begin to wait.
  if (!attempt.hasRun) wait.start(deadline, leader, () => hitForMiss.add(exchange))
  const ended = loaded.finally(() => {
    wait.stop()
    if (leads.get(key) === lead) leads.delete(key)
  })
  return attempt.outcomeOf(ended)
}

/** Runs the handler for this request, and waits for nobody. */
export function loadAlone(options: LookupOptions, exchange: Exchange, key: string): Promise<LoadOutcome> {
  const attempt = new Attempt(options, exchange, key, new Lead())
  const wait = { fresh: true, hardTimeout: Number.POSITIVE_INFINITY }
  const loaded = exchange.responses.getOrCompute(key, attempt.run, computeOptions(attempt.canServe, wait))
  return attempt.outcomeOf(loaded)
}

/** One attempt to load a response for one request. */
class Attempt {
  readonly #options: LookupOptions
  readonly #exchange: Exchange
  readonly #key: string
  readonly #lead: Lead
  #offered: FoundResponse | undefined
  #ownRun: Promise<StoredResponse | undefined> | undefined
  #deliver: (delivered: Delivered) => void = () => undefined
  readonly #delivered = new Promise<Delivered>((resolve) => {
    this.#deliver = resolve
  })

  constructor(options: LookupOptions, exchange: Exchange, key: string, lead: Lead) {
    this.#options = options
    this.#exchange = exchange
    this.#key = key
    this.#lead = lead
  }

  get hasRun(): boolean {
    return this.#ownRun !== undefined
  }

  readonly canServe = (value: StoredResponse | undefined): boolean => {
    const stored = readStored(value)
    if (stored === undefined) return false
    this.#offered = assessResponse(this.#exchange, this.#key, stored, hit, false, this.#options.now())
    return endsLookup(this.#offered.suitability, this.#exchange.handler)
  }

  readonly run = (
    context: ComputeContext<StoredResponse | undefined>,
  ): Promise<StoredResponse | undefined> => {
    const { handler } = this.#exchange
    const sink: ResponseSink = {
      run: (run, observer) => handler.run(run, observer),
      onHead: (isStored) => {
        if (isStored) this.#lead.markHeadSent()
        this.#deliver('delivered')
      },
      hasClient: true,
    }
    const run = this.#options.storeResponse({ exchange: this.#exchange, key: this.#key, context, sink })
    this.#ownRun = run
    handler.waitUntil?.(run.catch(() => undefined))
    return run
  }

  /** The result of the attempt, or that the response of an own run is on its way, whichever comes first. */
  outcomeOf(loaded: Promise<StoredResponse | undefined>): Promise<LoadOutcome> {
    const outcome = loaded.then(
      (value) => this.#describe(value),
      (error) => this.#describeFailure(error),
    )
    return Promise.race([this.#delivered, outcome])
  }

  #describe(value: StoredResponse | undefined): LoadOutcome {
    const stored = readStored(value)
    const isOwnRun = this.hasRun
    if (stored === undefined) return isOwnRun ? 'delivered' : 'not-shared'
    if (stored === this.#offered?.stored && !isOwnRun) return this.#offered
    const status = isOwnRun ? revalidated : collapsedAfter(this.#offered)
    return assessResponse(this.#exchange, this.#key, stored, status, isOwnRun, this.#options.now())
  }

  /** If the cache fails, this request still gets the outcome of its own run, but never the failure of another run. */
  #describeFailure(error: unknown): LoadOutcome | Promise<LoadOutcome> {
    if (this.#ownRun === undefined) return error instanceof ResponseClosed ? 'leader-left' : 'not-shared'
    return this.#ownRun.then(
      (value) => this.#describe(value),
      (): Delivered => 'delivered',
    )
  }
}

/** Runs the handler in the background to replace a stale response. Without effect if the integration cannot do that. */
export function refreshResponse(
  { storeResponse, now }: LookupOptions,
  exchange: Exchange,
  key: string,
): void {
  const { handler } = exchange
  if (handler.runInBackground === undefined) return
  const sink: ResponseSink = {
    run: (run, observer) => handler.runInBackground?.(run, observer),
    onHead: () => undefined,
    hasClient: false,
  }
  const canServe = (value: StoredResponse | undefined) => {
    const stored = readStored(value)
    return stored !== undefined && endsLookup(suitabilityOf(exchange, stored, now()), {})
  }
  const refreshed = exchange.responses.getOrCompute<StoredResponse | undefined>(
    key,
    (context) => storeResponse({ exchange, key, context, sink }),
    computeOptions(canServe, {}),
  )
  const settled = refreshed.catch(() => undefined)
  handler.waitUntil?.(settled)
}
