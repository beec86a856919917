import type { Clock } from '../contracts/clock'
import { fingerprintBytes, type Lease, type LeaseAnswer, type Leases } from '../contracts/lease'
import type { Policy } from '../resilience/policy'
import type { LazyAbortSignal } from './lazy-abort-signal'

/** What single-flight across processes is made of. Durations in ms. */
export interface LeaseCoordinatorOptions {
  readonly leases: Leases
  readonly policy: Policy
  readonly clock: Clock
  /** How long a holder that dies keeps the others waiting. */
  readonly leaseTtl: number
}

/** One attempt to be the process that computes a key. */
export interface Turn<R> {
  readonly key: string
  readonly asOf: number
  /** Latest known invalidation of what the key depends on. */
  readonly notBefore: number
  /** Tells the entry that the asker has seen. */
  readonly known: Uint8Array | undefined
  /** Nobody wants the result any more, where it has a reason. */
  readonly abort: Pick<LazyAbortSignal, 'reason'>
  /** Computes; with a lease, whoever stores the result gives it back. */
  compute(lease: Lease | undefined): Promise<R>
  /** Takes the entry another process stored; undefined if it will not do. */
  adopt(bytes: Uint8Array): Promise<R | undefined>
}

/** A lost message costs at most this much waiting, in ms: those who wait also look by themselves. */
const lookAgain = 100

/**
 * Of all processes that want a key, one computes and the others wait for its entry. A lease only saves work: when
 * leases fail, or the holder stores nothing, everybody computes for themselves.
 */
export function createLeaseCoordinator({ leases, policy, clock, leaseTtl }: LeaseCoordinatorOptions) {
  async function ask<R>(turn: Turn<R>, known: Uint8Array | undefined): Promise<LeaseAnswer | undefined> {
    const { key, asOf, notBefore } = turn
    try {
      return await policy.execute('lease', () => leases.acquire({ key, asOf, notBefore, known, ttl: leaseTtl }))
    } catch {
      return undefined
    }
  }

  /** Extends the lease for as long as the computation runs. Returns an end to that. */
  function keepAlive(lease: Lease): () => void {
    let isOver = false
    let cancel: () => void = () => undefined
    const renew = () => {
      policy
        .execute('lease', () => lease.renew(leaseTtl))
        .then(
          (held) => held && again(),
          () => again(),
        )
    }
    // The answer to the last renewal may come after the end.
    const again = () => {
      if (!isOver) cancel = clock.background(leaseTtl / 3, renew)
    }
    again()
    return () => {
      isOver = true
      cancel()
    }
  }

  /** Listens before it looks again, so that no release falls in between. */
  function released(key: string): Promise<'released' | 'waited'> {
    return new Promise((resolve) => {
      const stop = leases.onRelease(key, () => finish('released'))
      const cancel = clock.timeout(lookAgain, () => finish('waited'))
      function finish(how: 'released' | 'waited'): void {
        stop()
        cancel()
        resolve(how)
      }
    })
  }

  async function computeUnder<R>(turn: Turn<R>, lease: Lease): Promise<R> {
    const stop = keepAlive(lease)
    try {
      return await turn.compute(lease)
    } catch (error) {
      policy.execute('lease', () => lease.release()).catch(() => undefined)
      throw error
    } finally {
      stop()
    }
  }

  return {
    /** Resolves to this process's own result, or to that of the process that was faster. */
    async take<R>(turn: Turn<R>): Promise<R> {
      let { known } = turn
      let hasSeenRelease = false
      for (;;) {
        if (turn.abort.reason !== undefined) throw turn.abort.reason
        const answer = await ask(turn, known)
        if (answer === undefined) return turn.compute(undefined)
        if (answer.outcome === 'granted') return computeUnder(turn, answer.lease)
        if (answer.outcome === 'stored') {
          const adopted = await turn.adopt(answer.bytes)
          if (adopted !== undefined) return adopted
          known = answer.bytes.slice(0, fingerprintBytes)
          continue
        }
        // A holder that gave up its lease and stored nothing does not cache this key: waiting in line would serialize it.
        if (hasSeenRelease) return turn.compute(undefined)
        hasSeenRelease = (await released(turn.key)) === 'released'
      }
    },
    /** Gives a lease back without storing anything. */
    release(lease: Lease): void {
      policy.execute('lease', () => lease.release()).catch(() => undefined)
    },
  }
}

export type LeaseCoordinator = ReturnType<typeof createLeaseCoordinator>
