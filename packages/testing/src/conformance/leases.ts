import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { fingerprintBytes, type LeaseRequest, type Leases } from '@larder/core'
import { entryAt } from './bytes'
import { type Check, eventually, type Subject } from './check'

const minute = 60_000

function leasesOf({ open }: Pick<Subject, 'open'>): Leases {
  const { leases } = open('shared')
  ok(leases, 'The store has leases.')
  return leases
}

const asking = (changes: Partial<LeaseRequest> = {}): LeaseRequest => ({
  key: 'k',
  asOf: 100,
  notBefore: 0,
  known: undefined,
  ttl: minute,
  ...changes,
})

async function take(leases: Leases, changes?: Partial<LeaseRequest>) {
  const answer = await leases.acquire(asking(changes))
  if (answer.outcome !== 'granted') throw new Error(`The lease is free, but ${answer.outcome}.`)
  return answer.lease
}

/**
 * Takes a lease of the key and renews it before it runs out. Resolves to the time it was taken for: on a busy machine asking
 * alone takes longer than a short lease lasts.
 */
async function takeRenewed(leases: Leases): Promise<number> {
  let ttl = 60
  while (!(await (await take(leases, { ttl })).renew(minute))) {
    ok(ttl < minute, 'A lease is renewed before it runs out.')
    ttl *= 4
  }
  return ttl
}

const outcomeOf = async (leases: Leases, changes?: Partial<LeaseRequest>) =>
  (await leases.acquire(asking(changes))).outcome

/** What all {@link Leases} promise. */
export const leaseChecks: readonly Check[] = [
  {
    promise: 'of many who ask at once, one gets the lease',
    async run(subject) {
      const all = [leasesOf(subject), leasesOf(subject)]
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => all[at % 2]?.acquire(asking())))
      strictEqual(answers.filter((answer) => answer?.outcome === 'granted').length, 1)
      strictEqual(answers.filter((answer) => answer?.outcome === 'busy').length, 19)
    },
  },
  {
    promise: 'a lease that was given back is free, and those who wait are woken',
    async run(subject) {
      const [own, other] = [leasesOf(subject), leasesOf(subject)]
      let woken = 0
      const stop = other.onRelease('k', () => {
        woken += 1
      })
      await eventually('a waiter is woken', async () => {
        await (await take(own)).release()
        return woken > 0
      })
      strictEqual(await outcomeOf(other), 'granted')
      stop()
    },
  },
  {
    promise: 'a lease runs out unless it is renewed',
    async run(subject) {
      const leases = leasesOf(subject)
      const ttl = await takeRenewed(leases)
      // Taken later for as long: when it has run out, so has the time that the other was taken for.
      const short = await take(leases, { key: 'other', ttl })
      await eventually(
        'it has run out',
        async () => (await outcomeOf(leases, { key: 'other' })) === 'granted',
      )
      strictEqual(await short.renew(minute), false)
      strictEqual(await outcomeOf(leases), 'busy')
    },
  },
  {
    promise: 'one that started before an invalidation is taken over, and lost to its holder',
    async run(subject) {
      const leases = leasesOf(subject)
      const lease = await take(leases, { asOf: 100 })
      strictEqual(await outcomeOf(leases, { asOf: 200, notBefore: 100 }), 'busy')
      strictEqual(await outcomeOf(leases, { asOf: 200, notBefore: 101 }), 'granted')
      strictEqual(await lease.renew(minute), false)
      await lease.release()
      strictEqual(await outcomeOf(leases, { asOf: 200 }), 'busy')
    },
  },
  {
    promise: 'whoever asks while an entry is there that he does not know gets that entry',
    async run(subject) {
      const [tier] = subject.open('shared').shared
      const leases = leasesOf(subject)
      const bytes = entryAt(50, 'an entry that is longer than its fingerprint')
      await tier?.set([{ key: 'k', bytes, keepFor: minute }])
      const answer = await leases.acquire(asking())
      strictEqual(answer.outcome, 'stored')
      if (answer.outcome === 'stored') deepStrictEqual(Uint8Array.from(answer.bytes), bytes)
      strictEqual(await outcomeOf(leases, { known: bytes.slice(0, fingerprintBytes) }), 'granted')
    },
  },
  {
    promise: 'a write under a lease gives it back',
    async run(subject) {
      const [tier] = subject.open('shared').shared
      const leases = leasesOf(subject)
      const { token } = await take(leases)
      const bytes = entryAt(50, 'an entry that is longer than its fingerprint')
      await tier?.set([{ key: 'k', bytes, keepFor: minute, lease: token }])
      strictEqual(await outcomeOf(leases, { known: bytes.slice(0, fingerprintBytes) }), 'granted')
    },
  },
]
