import { type Duration, LarderError, toMs } from '@larder/core'
import { createRequestParser } from './identify'
import { describeLimiter } from './operations/describe-limiter'
import { longestTime, type Policy, type ResolvedPolicy } from './policy'
import type { QuotaDecision, QuotaRequest, QuotaStore } from './quotas/quota-store'
import type { Identity, RateLimiter, RateLimiterStats } from './rate-limiter'
import { combineVerdicts, type Verdict } from './verdict'

interface LimiterParts {
  readonly name: string
  /** The policies as the application wrote them. */
  readonly given: readonly Policy[]
  readonly policies: readonly ResolvedPolicy[]
  /** The quotas of all processes; undefined if this process is alone. */
  readonly shared: QuotaStore | undefined
  readonly local: QuotaStore
  readonly ifUnavailable: 'local' | 'open' | 'closed'
  readCircuit(): RateLimiterStats['circuit']
  close(): void
}

const openVerdict: Verdict = { allowed: true, by: 'none', policies: [], retryAfter: 0 }
/** The time after which an outage may be over, in ms: the pause of the circuit breaker. */
const closedVerdict: Verdict = { allowed: false, by: 'none', policies: [], retryAfter: 1_000 }

/** Makes a limiter of the quotas that decide, and of those that do while the others are away. */
export function assembleLimiter(parts: LimiterParts): RateLimiter {
  const { policies, shared, local, ifUnavailable } = parts
  const parseRequests = createRequestParser(policies)
  const counts = { allowed: 0, refused: 0, bypassed: 0, unavailable: 0 }

  async function decideBy(quotas: QuotaStore, by: Verdict['by'], requests: readonly QuotaRequest[]) {
    const decisions = await quotas.decide(requests)
    return combineVerdicts(requests.map((request, index) => toVerdict(request, decisions[index], by)))
  }

  async function decide(requests: readonly QuotaRequest[]): Promise<Verdict> {
    if (shared === undefined) return decideBy(local, 'local', requests)
    try {
      return await decideBy(shared, 'redis', requests)
    } catch {
      if (ifUnavailable === 'local') return decideBy(local, 'local', requests)
      return ifUnavailable === 'open' ? openVerdict : closedVerdict
    }
  }

  /** While Redis is away, requests are counted here, and so are refunds. */
  async function refundOne(request: QuotaRequest): Promise<void> {
    if (shared === undefined) return local.refund(request)
    await shared.refund(request).catch(() => local.refund(request))
  }

  /** Applies a change to this process as well, which decides during an outage. */
  async function change(work: (quotas: QuotaStore) => Promise<void>): Promise<void> {
    await work(local)
    if (shared !== undefined) await work(shared)
  }

  const stats = () => ({ ...counts, circuit: parts.readCircuit() })
  const close = async () => parts.close()
  return {
    service: describeLimiter({ name: parts.name, policies: parts.given, stats }),
    policies: parts.given,
    async consume(identity, options) {
      const verdict = await decide(parseRequests(identity, options))
      counts[verdict.allowed ? 'allowed' : 'refused'] += 1
      if (shared !== undefined && verdict.by !== 'redis') counts.unavailable += 1
      return verdict
    },
    peek: async (identity, options) => decide(parseRequests(identity, options, false)),
    refund: async (identity, options) =>
      void (await Promise.all(parseRequests(identity, options).map(refundOne))),
    async reset(given: Identity) {
      for (const { identity, policies } of parseRequests(given))
        await change((quotas) => quotas.reset(identity, policies))
    },
    async block(given: Identity, duration: Duration) {
      const ms = toFiniteMs(duration)
      for (const { identity } of parseRequests(given)) await change((quotas) => quotas.block(identity, ms))
    },
    bypass() {
      counts.bypassed += 1
      return openVerdict
    },
    stats,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function toVerdict(request: QuotaRequest, decision: QuotaDecision | undefined, by: Verdict['by']): Verdict {
  const { allowed = false, blockedFor = 0, quotas = [] } = decision ?? {}
  const waits = quotas.map(({ retryAfter }) => retryAfter)
  return {
    allowed,
    by,
    retryAfter: allowed ? 0 : toWholeMs(Math.max(blockedFor, ...waits)),
    policies: request.policies.map(({ name, limit, window }, index) => {
      const { used = 0, retryAfter = 0, resetIn = 0 } = quotas[index] ?? {}
      return {
        name,
        limit,
        window: window / 1_000,
        remaining: Math.max(0, limit - used),
        resetIn: toWholeMs(resetIn),
        refused: retryAfter > 0,
      }
    }),
  }
}

function toFiniteMs(duration: Duration): number {
  const ms = toMs(duration, 'block: duration')
  if (ms >= 1 && ms <= longestTime) return ms
  throw new LarderError(
    'BAD_ARGUMENT',
    "block takes a duration of 1 ms to ten years, such as '15m'. To end a block, write reset.",
  )
}

/** Rounded up: a client that comes a moment too early is refused. */
function toWholeMs(microseconds: number): number {
  return Math.ceil(microseconds / 1_000)
}
