import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { fingerprintBytes, type LeaseRequest, type Leases } from '@larder/core'
import { type Check, type StoreUnderTest, waitUntil } from './check'
import { createEntry } from './sample-entries'

const minute = 60_000

function openLeases({ open }: Pick<StoreUnderTest, 'open'>): Leases {
  const { leases } = open('shared')
  ok(leases, 'The store has leases.')
  return leases
}

const leaseRequest = (changes: Partial<LeaseRequest> = {}): LeaseRequest => ({
  key: 'k',
  asOf: 100,
  notBefore: 0,
  known: undefined,
  ttl: minute,
  ...changes,
})

async function acquireLease(leases: Leases, changes?: Partial<LeaseRequest>) {
  const answer = await leases.acquire(leaseRequest(changes))
  if (answer.outcome !== 'granted') throw new Error(`A free lease must be granted; got ${answer.outcome}.`)
  return answer.lease
}

/**
 * Acquires a lease of the key and renews it before it expires. Resolves to the ttl it was acquired with, in ms: on a busy
 * machine the request alone takes longer than a short lease lasts.
 */
async function acquireRenewed(leases: Leases): Promise<number> {
  let ttl = 60
  while (!(await (await acquireLease(leases, { ttl })).renew(minute))) {
    ok(ttl < minute, 'A lease is renewed before it expires.')
    ttl *= 4
  }
  return ttl
}

const acquireOutcome = async (leases: Leases, changes?: Partial<LeaseRequest>) =>
  (await leases.acquire(leaseRequest(changes))).outcome

/** The contract of {@link Leases}. */
export const leaseChecks: readonly Check[] = [
  {
    guarantee: 'one of many concurrent requests gets the lease',
    async verifyStore(subject) {
      const all = [openLeases(subject), openLeases(subject)]
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => all[index % 2]?.acquire(leaseRequest())),
      )
      strictEqual(answers.filter((answer) => answer?.outcome === 'granted').length, 1)
      strictEqual(answers.filter((answer) => answer?.outcome === 'busy').length, 19)
    },
  },
  {
    guarantee: 'a released lease is free again, and its waiters are woken',
    async verifyStore(subject) {
      const [first, second] = [openLeases(subject), openLeases(subject)]
      let woken = 0
      const stop = second.onRelease('k', () => {
        woken += 1
      })
      await waitUntil('a waiter is woken', async () => {
        await (await acquireLease(first)).release()
        return woken > 0
      })
      strictEqual(await acquireOutcome(second), 'granted')
      stop()
    },
  },
  {
    guarantee: 'a lease expires unless it is renewed',
    async verifyStore(subject) {
      const leases = openLeases(subject)
      const ttl = await acquireRenewed(leases)
      // Acquired later with the same ttl: once it has expired, the first ttl of the renewed lease has passed too.
      const short = await acquireLease(leases, { key: 'other', ttl })
      await waitUntil(
        'it has run out',
        async () => (await acquireOutcome(leases, { key: 'other' })) === 'granted',
      )
      strictEqual(await short.renew(minute), false)
      strictEqual(await acquireOutcome(leases), 'busy')
    },
  },
  {
    guarantee: 'a lease from before an invalidation is taken over, and its holder loses it',
    async verifyStore(subject) {
      const leases = openLeases(subject)
      const lease = await acquireLease(leases, { asOf: 100 })
      strictEqual(await acquireOutcome(leases, { asOf: 200, notBefore: 100 }), 'busy')
      strictEqual(await acquireOutcome(leases, { asOf: 200, notBefore: 101 }), 'granted')
      strictEqual(await lease.renew(minute), false)
      await lease.release()
      strictEqual(await acquireOutcome(leases, { asOf: 200 }), 'busy')
    },
  },
  {
    guarantee: 'a request gets the stored entry if it differs from the one the caller knows',
    async verifyStore(subject) {
      const [tier] = subject.open('shared').shared
      const leases = openLeases(subject)
      const bytes = createEntry(50, 'an entry that is longer than its fingerprint')
      await tier?.set([{ key: 'k', bytes, keepFor: minute }])
      const answer = await leases.acquire(leaseRequest())
      strictEqual(answer.outcome, 'stored')
      if (answer.outcome === 'stored') deepStrictEqual(Uint8Array.from(answer.bytes), bytes)
      strictEqual(await acquireOutcome(leases, { known: bytes.slice(0, fingerprintBytes) }), 'granted')
    },
  },
  {
    guarantee: 'a write under a lease releases it',
    async verifyStore(subject) {
      const [tier] = subject.open('shared').shared
      const leases = openLeases(subject)
      const { token } = await acquireLease(leases)
      const bytes = createEntry(50, 'an entry that is longer than its fingerprint')
      await tier?.set([{ key: 'k', bytes, keepFor: minute, lease: token }])
      strictEqual(await acquireOutcome(leases, { known: bytes.slice(0, fingerprintBytes) }), 'granted')
    },
  },
]
