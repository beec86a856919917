import { type ComputeContext, type ComputeOptions, type ExpiringSet, neutralEntryOptions } from '@larder/core'
import type { CacheStatus } from '../fields/cache-status'
import type { StoredResponse } from '../policy/stored-response'
import type { Exchange, ResponseCache } from './exchange'
import type { ResponseSink } from './miss-context'
import { hit } from './respond'
import type { ResponseStorer } from './store-response'
import { assessResponse, endsLookup, type FoundResponse, suitabilityOf } from './suitability'

/** Dependencies of {@link loadResponse}. */
export interface LookupOptions {
  readonly responses: ResponseCache
  readonly storeResponse: ResponseStorer
  /** Resources whose last response was not storable. */
  readonly hitForMiss: ExpiringSet
  now(): number
}

/** The handler's response was streamed to the client. */
export type Delivered = 'delivered'

const revalidated: CacheStatus = { forward: 'stale' }

/** The response of another request's run. If a stored response was rejected before that, it was stale. */
const collapsedAfter = (rejected: FoundResponse | undefined): CacheStatus => ({
  forward: rejected === undefined ? 'miss' : 'stale',
  isCollapsed: true,
})

/** Neutral options of the data cache: the HTTP policy alone decides how long a response is kept and served. */
function computeOptions(
  serveIf: (stored: StoredResponse | undefined) => boolean,
  fresh: boolean,
): ComputeOptions<StoredResponse | undefined> {
  return {
    ...neutralEntryOptions,
    serveIf,
    fresh,
    isolate: false,
  }
}

/**
 * Loads a response through the cache. If neither the store nor a run under way has a suitable one, the handler runs for
 * this request, and its response streams to the client as it is made.
 */
export function loadResponse(
  { responses, storeResponse, hitForMiss, now }: LookupOptions,
  exchange: Exchange,
  key: string,
): Promise<FoundResponse | Delivered | undefined> {
  const { handler, primaryKey } = exchange
  return new Promise((resolve) => {
    let offered: FoundResponse | undefined
    let ownRun: Promise<StoredResponse | undefined> | undefined
    const sink: ResponseSink = {
      run: handler.run,
      deliver(response, changes) {
        response.sendToClient(changes)
        resolve('delivered')
      },
    }
    function canServe(stored: StoredResponse | undefined): boolean {
      if (stored === undefined) return false
      offered = assessResponse(exchange, key, stored, hit, false, now())
      return endsLookup(offered.suitability, handler.runInBackground !== undefined)
    }
    function runOwn(context: ComputeContext<StoredResponse | undefined>) {
      ownRun = storeResponse({ exchange, key, context, sink })
      handler.waitUntil?.(ownRun.then(() => loaded).catch(() => undefined))
      return ownRun
    }
    function describeResult(stored: StoredResponse | undefined): FoundResponse | undefined {
      if (stored === undefined) return undefined
      if (ownRun !== undefined) return assessResponse(exchange, key, stored, revalidated, true, now())
      if (stored === offered?.stored) return offered
      return assessResponse(exchange, key, stored, collapsedAfter(offered), false, now())
    }
    const skipsQueue = hitForMiss.has(primaryKey) && responses.peek(key) === undefined
    const loaded = responses.getOrCompute(key, runOwn, computeOptions(canServe, skipsQueue))
    // If the cache fails, this request still gets the outcome of its own run, but never the failure of another run.
    loaded.then(
      (stored) => resolve(describeResult(stored)),
      () => resolve(ownRun?.then(describeResult)),
    )
  })
}

/** Runs the handler in the background to replace a stale response. Without effect if the integration cannot do that. */
export function refreshResponse(
  { responses, storeResponse, now }: LookupOptions,
  exchange: Exchange,
  key: string,
): void {
  const { runInBackground, waitUntil } = exchange.handler
  if (runInBackground === undefined) return
  const sink: ResponseSink = { run: runInBackground, deliver: (response) => response.discard() }
  const canServe = (stored: StoredResponse | undefined) =>
    stored !== undefined && endsLookup(suitabilityOf(exchange, stored, now()), false)
  const refreshed = responses.getOrCompute<StoredResponse | undefined>(
    key,
    (context) => storeResponse({ exchange, key, context, sink }),
    computeOptions(canServe, false),
  )
  const settled = refreshed.catch(() => undefined)
  waitUntil?.(settled)
}
