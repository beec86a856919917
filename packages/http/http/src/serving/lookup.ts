import { selectorsOf } from '../fields/vary'
import { readStored } from '../policy/read-stored'
import type { StoredResponse } from '../policy/stored-response'
import { makeVariantKey } from '../storage/key'
import { createCollapsedLoad } from './collapsed-load'
import type { Exchange } from './exchange'
import { type Delivered, type LookupOptions, refreshResponse } from './load-response'
import { hit } from './respond'
import { assessResponse, endsLookup, type FoundResponse } from './suitability'

/** The deepest nesting of variants that a lookup follows; a response beyond it is not served from the store. */
const maxVariantDepth = 4

/**
 * Finds the variant of a resource that suits a request. The first response stored for a resource is at its primary key
 * and names its selecting fields. Another variant is at that key plus the request's values of these fields, and so on.
 */
export function createLookup(options: LookupOptions) {
  const { now } = options
  const { load, isStoredHere } = createCollapsedLoad(options)

  return {
    /** A response that can be served at once from this process. */
    findLocal(exchange: Exchange): FoundResponse | undefined {
      let key: string | undefined = exchange.primaryKey
      for (let depth = 0; key !== undefined && depth < maxVariantDepth; depth += 1) {
        const found = findLocalAt(options, exchange, key)
        if (found?.suitability !== 'other-variant') return found
        key = nextKey(options, exchange, key, found.stored)
      }
      return undefined
    },

    /**
     * A suitable response, or that of the handler, which was run if necessary. `undefined`: run the handler uncached.
     */
    async findOrLoad(exchange: Exchange): Promise<FoundResponse | Delivered | undefined> {
      let key: string | undefined = exchange.primaryKey
      for (let depth = 0; key !== undefined && depth < maxVariantDepth; depth += 1) {
        const found = await load(exchange, key)
        if (found === undefined || found === 'delivered') return found
        const { stored, suitability, isOwnRun } = found
        if (suitability === 'other-variant') key = nextKey(options, exchange, key, stored)
        else if (suitability === 'not-shareable') return undefined
        // The response of another request's run need not suit this request (RFC 9111 §4).
        else return suitability === 'must-validate' && !isOwnRun ? undefined : found
      }
      return undefined
    },

    /** A suitable response from the store, without running the handler. A store that fails has none. */
    async findStored(exchange: Exchange): Promise<FoundResponse | undefined> {
      let key: string | undefined = exchange.primaryKey
      for (let depth = 0; key !== undefined && depth < maxVariantDepth; depth += 1) {
        const stored = readStored(await exchange.responses.get(key).catch(() => undefined))
        if (stored === undefined) return undefined
        const found = assessResponse(exchange, key, stored, hit, false, now())
        if (found.suitability === 'not-shareable' || found.suitability === 'must-validate') return undefined
        if (found.suitability !== 'other-variant') return found
        key = nextKey(options, exchange, key, stored)
      }
      return undefined
    },

    /** Whether this process has a response for the resource, in whatever state. */
    isStored: (exchange: Exchange) => isStoredHere(exchange.primaryKey),

    refresh: (exchange: Exchange, key: string) => refreshResponse(options, exchange, key),
  }
}

function findLocalAt({ now }: LookupOptions, exchange: Exchange, key: string): FoundResponse | undefined {
  let found: FoundResponse | undefined
  const canServe = (value: StoredResponse | undefined): boolean => {
    const stored = readStored(value)
    if (stored === undefined) return false
    found = assessResponse(exchange, key, stored, hit, false, now())
    const { suitability } = found
    return suitability !== 'not-shareable' && endsLookup(suitability, exchange.handler)
  }
  return exchange.responses.getLocal(key, canServe) === undefined ? undefined : found
}

/** The key of the variant that the request selects, below a response of another variant. Undefined if it cannot be made. */
function nextKey(
  { credentials }: LookupOptions,
  exchange: Exchange,
  key: string,
  { selectors }: StoredResponse,
): string | undefined {
  const names = selectors.map(([name]) => name)
  const selected = selectorsOf(names, exchange.request.headers, credentials)
  return selected && makeVariantKey(key, selected)
}
