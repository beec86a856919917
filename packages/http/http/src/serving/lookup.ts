import type { ComputeContext, ComputeOptions } from '@larder/core'
import { isSelected, selectorsOf } from '../fields/vary'
import { type Use, useOf } from '../policy/reuse'
import type { StoredResponse } from '../policy/stored-response'
import { variantKey } from '../storage/key'
import type { Passes } from '../storage/passes'
import { type Course, hit } from './answering'
import { type Exchange, isPersonal, type ResponseCache } from './exchange'
import type { Audience, Filling } from './filling'

/** What looking up is made of. */
export interface LookupOptions {
  readonly responses: ResponseCache
  readonly fill: Filling
  readonly passes: Passes
  now(): number
}

/**
 * What a stored response is to a request: one that is `withheld` is not for those who say who they are; `another` variant
 * tells where to look next.
 */
type Fit = Use | 'withheld' | 'another'

/** What is stored at a key, or has just been. */
export interface Found {
  readonly key: string
  readonly stored: StoredResponse
  readonly fit: Fit
  readonly course: Course
  /** When this was found, in ms since the epoch. */
  readonly at: number
  /** The handler has run for this caller. */
  readonly isOwn: boolean
}

/** Variants of variants of variants: nobody varies deeper than this. */
const deepest = 4

const renewed: Course = { forward: 'stale' }

/** Another caller's run brought it. What was offered before and not taken was stale. */
const collapsed = (offered: Found | undefined): Course => ({
  forward: offered === undefined ? 'miss' : 'stale',
  isCollapsed: true,
})

const always = () => true

/** How responses are kept, whatever the cache does with data: for how long they are good is decided here. */
function plainly(
  serveIf: (stored: StoredResponse | undefined) => boolean,
  fresh: boolean,
): ComputeOptions<StoredResponse | undefined> {
  return {
    serveIf,
    fresh,
    isolate: false,
    refreshAhead: 1,
    earlyExpiry: 0,
    jitter: 0,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    errorTtl: 0,
    cacheIf: always,
  }
}

/**
 * Finds a response, or has it made. The first response stored for a resource is at the resource's own key and tells by
 * which fields it varies; another variant is at that key with what its request says in those fields, and so on.
 */
export function createLookup({ responses, fill, passes, now }: LookupOptions) {
  function fitOf({ request, asked, rule }: Exchange, stored: StoredResponse, at: number): Fit {
    // What was made for somebody who did not say who they are is not for somebody who does, unless it is for everybody.
    if (!stored.isForEverybody && isPersonal(request)) return 'withheld'
    if (!isSelected(stored.selectors, request.headers)) return 'another'
    return useOf(stored, asked, at, rule.allowRefresh)
  }

  function foundAt(
    key: string,
    exchange: Exchange,
    stored: StoredResponse,
    course: Course,
    isOwn: boolean,
  ): Found {
    const at = now()
    return { key, stored, fit: fitOf(exchange, stored, at), course, at, isOwn }
  }

  /** Whether the handler need not be asked. */
  const settles = (fit: Fit, mayBeStale: boolean) => fit !== 'refused' && (fit !== 'stale' || mayBeStale)

  const nextKey = (exchange: Exchange, key: string, { selectors }: StoredResponse) =>
    variantKey(
      key,
      selectorsOf(
        selectors.map(([name]) => name),
        exchange.request.headers,
      ),
    )

  /** The handler runs for this caller if it does not for another, and the response reaches the caller as it comes. */
  function load(exchange: Exchange, key: string): Promise<Found | 'passed' | undefined> {
    const { handler, primary } = exchange
    return new Promise((resolve) => {
      let offered: Found | undefined
      let run: Promise<StoredResponse | undefined> | undefined
      const audience: Audience = {
        run: handler.run,
        pass(response, changes) {
          response.pass(changes)
          resolve('passed')
        },
      }
      function serves(stored: StoredResponse | undefined): boolean {
        if (stored === undefined) return false
        offered = foundAt(key, exchange, stored, hit, false)
        return settles(offered.fit, handler.rerun !== undefined)
      }
      function fillFor(context: ComputeContext<StoredResponse | undefined>) {
        run = fill({ exchange, key, context, audience })
        handler.waitUntil?.(run.then(() => loaded).catch(() => undefined))
        return run
      }
      function told(stored: StoredResponse | undefined): Found | undefined {
        if (stored === undefined) return undefined
        if (run !== undefined) return foundAt(key, exchange, stored, renewed, true)
        if (stored === offered?.stored) return offered
        return foundAt(key, exchange, stored, collapsed(offered), false)
      }
      const fresh = passes.has(primary) && responses.peek(key) === undefined
      const loaded = responses.getOrCompute(key, fillFor, plainly(serves, fresh))
      // Whatever the cache has to say, the handler's own outcome is the caller's. Another caller's failure is not.
      loaded.then(
        (stored) => resolve(told(stored)),
        () => resolve(run?.then(told)),
      )
    })
  }

  return {
    /** A response for the request; or the handler's own is on its way to the client; or neither. */
    async find(exchange: Exchange): Promise<Found | 'passed' | undefined> {
      let key = exchange.primary
      for (let depth = 0; depth < deepest; depth += 1) {
        const found = await load(exchange, key)
        if (found === undefined || found === 'passed') return found
        const { stored, fit, isOwn } = found
        if (fit === 'another') key = nextKey(exchange, key, stored)
        // Brought by another caller's run: not everything that may answer the one may answer the other (RFC 9111 §4).
        else return fit === 'withheld' || (fit === 'refused' && !isOwn) ? undefined : found
      }
      return undefined
    },

    /** Looks only. */
    async glance(exchange: Exchange): Promise<Found | undefined> {
      let key = exchange.primary
      for (let depth = 0; depth < deepest; depth += 1) {
        const stored = await responses.get(key)
        if (stored === undefined) return undefined
        const found = foundAt(key, exchange, stored, hit, false)
        if (found.fit === 'withheld' || found.fit === 'refused') return undefined
        if (found.fit !== 'another') return found
        key = nextKey(exchange, key, stored)
      }
      return undefined
    },

    /** Has the handler make it anew, with nobody waiting for it. */
    refresh(exchange: Exchange, key: string): void {
      const { rerun, waitUntil } = exchange.handler
      if (rerun === undefined) return
      const audience: Audience = { run: rerun, pass: (response) => response.drop() }
      const serves = (stored: StoredResponse | undefined) =>
        stored !== undefined && settles(fitOf(exchange, stored, now()), false)
      const refreshed = responses.getOrCompute<StoredResponse | undefined>(
        key,
        (context) => fill({ exchange, key, context, audience }),
        plainly(serves, false),
      )
      const settled = refreshed.catch(() => undefined)
      waitUntil?.(settled)
    },
  }
}

export type Lookup = ReturnType<typeof createLookup>
