import { isSelected, selectorsOf } from '../fields/vary'
import { useOf } from '../policy/reuse'
import type { StoredResponse } from '../policy/stored-response'
import { variantKey } from '../storage/key'
import type { Passes } from '../storage/passes'
import { type Exchange, isPersonal, type ResponseCache } from './exchange'
import type { Audience, Filling } from './filling'
import { createTurn, type Turn } from './turn'

/** What looking up is made of. */
export interface LookupOptions {
  readonly responses: ResponseCache
  readonly fill: Filling
  readonly passes: Passes
  now(): number
}

/** A response for the request; or the handler's own is on its way to the client; or neither. */
export type Found =
  | { readonly stored: StoredResponse; readonly key: string; readonly turn: Turn }
  | 'passed'
  | undefined

/** What was made for somebody who did not say who they are is not for somebody who does, unless it is for everybody. */
function isFor({ request }: Exchange, stored: StoredResponse): boolean {
  return stored.isForEverybody || !isPersonal(request)
}

/** Variants of variants of variants: nobody varies deeper than this. */
const deepest = 4

/**
 * Finds a response, or has it made. The first response stored for a resource is at the resource's own key and tells by
 * which fields it varies; another variant is at that key with what its request says in those fields, and so on.
 */
export function createLookup({ responses, fill, passes, now }: LookupOptions) {
  /** Whether a stored response answers this request, or at least tells where to look next. */
  const serves = (exchange: Exchange, mayBeStale: boolean) => (stored: StoredResponse | undefined) => {
    if (stored !== undefined && !isFor(exchange, stored)) return true
    if (stored === undefined || !isSelected(stored.selectors, exchange.request.headers))
      return stored !== undefined
    const use = useOf(stored, exchange.asked, now(), exchange.rule.allowRefresh)
    return use === 'fresh' || use === 'tolerated' || (use === 'stale' && mayBeStale)
  }

  const nextKey = (exchange: Exchange, key: string, { selectors }: StoredResponse) =>
    variantKey(
      key,
      selectorsOf(
        selectors.map(([name]) => name),
        exchange.request.headers,
      ),
    )

  /** The handler runs for this caller if it does not for another, and the response reaches the caller as it comes. */
  async function loadFor(
    exchange: Exchange,
    key: string,
    turn: Turn,
  ): Promise<StoredResponse | 'passed' | undefined> {
    const { handler } = exchange
    const audience: Audience = {
      run: handler.run,
      pass(response, changes) {
        response.pass(changes)
        turn.pass()
      },
    }
    const mayBeStale = handler.rerun !== undefined
    const fresh = passes.has(exchange.primary) && responses.peek(key) === undefined
    const loaded = responses.getOrCompute<StoredResponse | undefined>(
      key,
      (context) => {
        turn.run = fill({ exchange, key, context, audience })
        return turn.run
      },
      { serveIf: serves(exchange, mayBeStale), fresh, isolate: false },
    )
    handler.waitUntil?.(loaded.catch(() => undefined))
    try {
      return await Promise.race([turn.passed, loaded])
    } catch {
      // Whatever the cache has to say, the handler's own outcome is the caller's. Another caller's failure is not.
      return turn.run && Promise.race([turn.passed, turn.run])
    }
  }

  return {
    /** Finds the response, or has the handler make it. */
    async find(exchange: Exchange): Promise<Found> {
      let key = exchange.primary
      for (let depth = 0; depth < deepest; depth += 1) {
        const turn = createTurn()
        const stored = await loadFor(exchange, key, turn)
        if (stored === undefined || stored === 'passed') return stored
        // Brought by another caller's run: not everything that may answer the one may answer the other (RFC 9111 §4).
        if (!isFor(exchange, stored)) return undefined
        if (turn.run === undefined && !serves(exchange, true)(stored)) return undefined
        if (isSelected(stored.selectors, exchange.request.headers)) return { stored, key, turn }
        key = nextKey(exchange, key, stored)
      }
      return undefined
    },

    /** Looks only. */
    async glance(exchange: Exchange): Promise<{ stored: StoredResponse; key: string } | undefined> {
      let key = exchange.primary
      for (let depth = 0; depth < deepest; depth += 1) {
        const stored = await responses.get(key)
        if (stored === undefined || !isFor(exchange, stored)) return undefined
        if (isSelected(stored.selectors, exchange.request.headers)) return { stored, key }
        key = nextKey(exchange, key, stored)
      }
      return undefined
    },

    /** Has the handler make it anew, with nobody waiting for it. */
    refresh(exchange: Exchange, key: string): void {
      const { rerun, waitUntil } = exchange.handler
      if (rerun === undefined) return
      const audience: Audience = { run: rerun, pass: (response) => response.drop() }
      const refreshed = responses.getOrCompute<StoredResponse | undefined>(
        key,
        (context) => fill({ exchange, key, context, audience }),
        { serveIf: serves(exchange, false), isolate: false },
      )
      const settled = refreshed.catch(() => undefined)
      waitUntil?.(settled)
    },
  }
}

export type Lookup = ReturnType<typeof createLookup>
