import { systemClock } from '@larder/core'
import type { Exchange } from './exchange'
import { type Delivered, type LookupOptions, loadAlone, loadOrFollow } from './load-response'
import type { FoundResponse } from './suitability'

/** Loads responses, and decides which requests for one resource wait for the run of another ("request collapsing"). */
export function createCollapsedLoad(options: LookupOptions) {
  const { responses, hitForMiss, collapseTimeout } = options

  /** Whether others may wait for the handler's response: a rule sets its freshness, and it is not personal. */
  function isKnownShareable(exchange: Exchange): boolean {
    const { rule, hasCredentials } = exchange
    if (rule.ttl === undefined || hitForMiss.has(exchange)) return false
    return rule.scope === 'private' || rule.isExplicitlyPublic || !hasCredentials
  }

  async function loadWhatever(
    exchange: Exchange,
    key: string,
  ): Promise<FoundResponse | Delivered | undefined> {
    const outcome = await loadAlone(options, exchange, key)
    return outcome === 'leader-left' || outcome === 'not-shared' ? undefined : outcome
  }

  /** Each request waits once for `collapseTimeout`, however many leaders leave. */
  async function loadCollapsed(
    exchange: Exchange,
    key: string,
  ): Promise<FoundResponse | Delivered | undefined> {
    const deadline = systemClock.monotonic() + collapseTimeout
    do {
      const outcome = await loadOrFollow(options, exchange, key, deadline)
      if (outcome === 'not-shared') return loadWhatever(exchange, key)
      if (outcome !== 'leader-left') return outcome
    } while (systemClock.monotonic() < deadline)
    return loadWhatever(exchange, key)
  }

  /** The stored response under the key, or that of a run of the handler, for which others wait if they may share it. */
  function load(exchange: Exchange, key: string): Promise<FoundResponse | Delivered | undefined> {
    if (collapseTimeout > 0 && (isStoredHere(key) || isKnownShareable(exchange)))
      return loadCollapsed(exchange, key)
    const mayBeStored = responses.hasSharedTier || isStoredHere(key)
    if (!mayBeStored || hitForMiss.has(exchange)) return loadWhatever(exchange, key)
    return exchange.responses.get(key).then(
      (stored) => (stored === undefined ? loadWhatever(exchange, key) : loadCollapsed(exchange, key)),
      () => loadWhatever(exchange, key),
    )
  }

  function isStoredHere(key: string): boolean {
    return peekStored(responses, key) !== undefined
  }

  return { load, isStoredHere }
}

/** Undefined also for a key that the cache refuses, such as one that is too long. */
function peekStored(responses: LookupOptions['responses'], key: string): unknown {
  try {
    return responses.peek(key)
  } catch {
    return undefined
  }
}
