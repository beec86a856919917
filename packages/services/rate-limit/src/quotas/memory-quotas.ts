import type { Clock } from '@larder/core'
import type { ResolvedPolicy } from '../policy'
import { createQuota } from './create-quota'
import type { Quota } from './quota'
import type { QuotaDecision, QuotaRequest, QuotaStore } from './quota-store'

interface MemoryQuotasOptions {
  readonly clock: Clock
  /** Identities beyond it are refused: forgetting others would give them a new budget. */
  readonly maxIdentities: number
}

/** The state of one identity. Times in µs of the monotonic clock. */
interface Subject {
  readonly quotas: Map<string, Quota>
  blockedUntil: number
}

/** Identities that are looked at for each new one, to forget those of which nothing counts any more. */
const sweptPerNewcomer = 8

/** Counts quotas in this process by the same rules as Redis does. */
export function createMemoryQuotas({ clock, maxIdentities }: MemoryQuotasOptions): QuotaStore {
  const subjects = new Map<string, Subject>()
  const now = () => Math.floor(clock.monotonic() * 1_000)

  function isOver({ quotas, blockedUntil }: Subject): boolean {
    return blockedUntil <= now() && [...quotas.values()].every((quota) => quota.endsAt() <= now())
  }

  /** Looks at those that have waited longest since the last look. */
  function sweep(): void {
    for (const [identity, subject] of [...takeFirst(subjects, sweptPerNewcomer)]) {
      subjects.delete(identity)
      if (!isOver(subject)) subjects.set(identity, subject)
    }
  }

  /** Undefined for a new identity if the table is full. */
  function findSubject(identity: string): Subject | undefined {
    const known = subjects.get(identity)
    if (known !== undefined) return known
    sweep()
    if (subjects.size >= maxIdentities) return undefined
    const subject = { quotas: new Map<string, Quota>(), blockedUntil: 0 }
    subjects.set(identity, subject)
    return subject
  }

  function decideOne(request: QuotaRequest): QuotaDecision {
    const subject = findSubject(request.identity)
    return subject === undefined ? refuseNewcomer(request) : decide(subject, request, now())
  }

  return {
    decide: async (requests) => requests.map(decideOne),
    async refund({ identity, policies, cost }) {
      const subject = subjects.get(identity)
      for (const { id } of policies) subject?.quotas.get(id)?.refund(cost, now())
    },
    async reset(identity) {
      subjects.delete(identity)
    },
    async block(identity, duration) {
      const subject = findSubject(identity)
      if (subject !== undefined) subject.blockedUntil = now() + Math.ceil(duration * 1_000)
    },
  }
}

function decide(subject: Subject, request: QuotaRequest, now: number): QuotaDecision {
  const { policies, cost, charges } = request
  const blockedFor = Math.max(0, subject.blockedUntil - now)
  const counted = policies.map((policy) => ({ policy, quota: quotaOf(subject, policy) }))
  const allowed =
    blockedFor === 0 && counted.every(({ policy, quota }) => quota.waitFor(cost, policy.limit, now) === 0)
  return {
    allowed,
    blockedFor,
    quotas: counted.map(({ policy: { limit, countRefused }, quota }) => {
      if (charges && (allowed || countRefused)) quota.charge(cost, limit, now)
      return {
        used: Math.ceil(quota.usedAt(now)),
        retryAfter: allowed ? 0 : quota.waitFor(cost, limit, now),
        resetIn: Math.max(0, quota.endsAt() - now),
      }
    }),
  }
}

function quotaOf({ quotas }: Subject, policy: ResolvedPolicy): Quota {
  const quota = quotas.get(policy.id) ?? createQuota(policy)
  quotas.set(policy.id, quota)
  return quota
}

function refuseNewcomer({ policies }: QuotaRequest): QuotaDecision {
  const quotas = policies.map(({ limit, window }) => ({ used: limit, retryAfter: window, resetIn: window }))
  return { allowed: false, blockedFor: 0, quotas }
}

function* takeFirst<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken === count) return
    taken += 1
    yield item
  }
}
