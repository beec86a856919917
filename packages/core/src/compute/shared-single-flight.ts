import { runOutsideContexts } from '../async-scope'
import type { Clock } from '../contracts/clock'
import { fingerprintBytes, type Lease, type LeaseAnswer, type Leases } from '../contracts/lease'
import type { Policy } from '../resilience/policy'
import type { Tracing } from '../telemetry/tracing'
import type { LazyAbortSignal } from './single-flight'

/** Dependencies of {@link createSharedSingleFlight}. Durations in ms. */
interface SharedSingleFlightOptions {
  readonly leases: Leases
  readonly policy: Policy
  readonly clock: Clock
  /** How long a holder that dies keeps the other processes waiting. */
  readonly leaseTtl: number
  readonly tracing: Tracing
}

/** One attempt to be the process that computes a key. */
interface LeaseAttempt<R> {
  readonly key: string
  readonly asOf: number
  /** The position of the latest invalidation of the key's dependencies that this process knows. */
  readonly notBefore: number
  /** The fingerprint of the entry that this process has seen already. */
  readonly known: Uint8Array | undefined
  /** Aborted with a reason once no caller needs the result. */
  readonly abort: Pick<LazyAbortSignal, 'reason'>
  /** Whether a computation in this process waits for the result. */
  isAwaitedInside(): boolean
  /** Another process holds the lease. */
  onBusy(): void
  /** Computes. With a lease, storing the result releases it. */
  computeWith(lease: Lease | undefined): Promise<R>
  /** Takes the entry that another process stored; undefined if it cannot be used. */
  adoptStored(bytes: Uint8Array): Promise<R | undefined>
}

/** The entry that an attempt has seen already and cannot use, by its fingerprint. */
interface SeenEntry {
  known: Uint8Array | undefined
}

/** How often a waiting process asks again without having been woken, in ms: bounds the cost of a lost message. */
const pollInterval = 100

/**
 * How long a value that a computation needs waits for another process, in ms. That process may need, directly or not, what
 * is computed here, and then both would wait until their hard timeouts. Nothing tells a process what others wait for.
 */
const maxWaitInside = 1_000

/**
 * Single flight across processes: of all processes that need a key, the one that gets the lease computes, and the others
 * wait for its entry. A lease only saves work: if leases fail, or the holder stores no entry, every process computes.
 */
export function createSharedSingleFlight(options: SharedSingleFlightOptions) {
  const { leases, policy, clock, tracing } = options

  function releaseLease(lease: Lease): void {
    policy.execute('lease', () => lease.release()).catch(() => undefined)
  }

  async function computeUnderLease<R>(attempt: LeaseAttempt<R>, lease: Lease): Promise<R> {
    const stopRenewing = keepRenewing(lease, options)
    try {
      return await attempt.computeWith(lease)
    } catch (error) {
      releaseLease(lease)
      throw error
    } finally {
      stopRenewing()
    }
  }

  /** Asks for the lease, and returns the way to the result. Undefined: another process holds the lease. */
  async function askForLease<R>(
    attempt: LeaseAttempt<R>,
    seen: SeenEntry,
  ): Promise<(() => Promise<R>) | undefined> {
    for (;;) {
      if (attempt.abort.reason !== undefined) throw attempt.abort.reason
      const answer = await acquireLease(attempt, seen.known, options)
      if (answer === undefined) return () => attempt.computeWith(undefined)
      if (answer.outcome === 'granted') return () => computeUnderLease(attempt, answer.lease)
      if (answer.outcome === 'busy') return undefined
      const adopted = await attempt.adoptStored(answer.bytes)
      if (adopted !== undefined) return async () => adopted
      seen.known = answer.bytes.slice(0, fingerprintBytes)
    }
  }

  /** Waits while another process holds the lease. */
  async function waitForHolder<R>(attempt: LeaseAttempt<R>, seen: SeenEntry): Promise<() => Promise<R>> {
    let awaitedSince = Number.POSITIVE_INFINITY
    for (;;) {
      const now = clock.monotonic()
      if (attempt.isAwaitedInside()) awaitedSince = Math.min(awaitedSince, now)
      if (now - awaitedSince >= maxWaitInside) return () => attempt.computeWith(undefined)
      const cause = await waitForRelease(leases, clock, attempt.key)
      const next = await askForLease(attempt, seen)
      if (next !== undefined) return next
      attempt.onBusy()
      // A holder that released its lease without storing an entry does not cache this key: queueing would serialize all callers.
      if (cause === 'released') return () => attempt.computeWith(undefined)
    }
  }

  return {
    /** Resolves to this process's own result, or to the entry of the process that held the lease. */
    async computeOnce<R>(attempt: LeaseAttempt<R>): Promise<R> {
      const seen = { known: attempt.known }
      let next = await askForLease(attempt, seen)
      if (next === undefined) {
        attempt.onBusy()
        next = await tracing.traceLeaseWait(attempt.key, () => waitForHolder(attempt, seen))
      }
      return next()
    },
    /** Releases a lease whose result is not stored. */
    releaseLease,
  }
}

export type SharedSingleFlight = ReturnType<typeof createSharedSingleFlight>

/** Undefined if the leases cannot be reached. */
async function acquireLease<R>(
  { key, asOf, notBefore }: LeaseAttempt<R>,
  known: Uint8Array | undefined,
  { leases, policy, leaseTtl }: SharedSingleFlightOptions,
): Promise<LeaseAnswer | undefined> {
  const request = { key, asOf, notBefore, known, ttl: leaseTtl }
  try {
    return await policy.execute('lease', () => leases.acquire(request))
  } catch {
    return undefined
  }
}

/** Renews the lease for as long as the computation runs. Returns a function that stops it. */
function keepRenewing(lease: Lease, { policy, clock, leaseTtl }: SharedSingleFlightOptions): () => void {
  let isStopped = false
  let cancelTimer: () => void = () => undefined
  const renewLease = () => {
    policy
      .execute('lease', () => lease.renew(leaseTtl))
      .then(
        (isHeld) => isHeld && scheduleRenewal(),
        () => scheduleRenewal(),
      )
  }
  // The answer to the last renewal may arrive after the end of the computation.
  const scheduleRenewal = () => {
    if (!isStopped) cancelTimer = runOutsideContexts(() => clock.background(leaseTtl / 3, renewLease))
  }
  scheduleRenewal()
  return () => {
    isStopped = true
    cancelTimer()
  }
}

/** Resolves when the holder releases the key's lease, or when it is time to ask again. */
function waitForRelease(leases: Leases, clock: Clock, key: string): Promise<'released' | 'timeout'> {
  return new Promise((resolve) => {
    const stopListening = leases.onRelease(key, () => finishWaiting('released'))
    const cancelTimer = clock.timeout(pollInterval, () => finishWaiting('timeout'))
    function finishWaiting(cause: 'released' | 'timeout'): void {
      stopListening()
      cancelTimer()
      resolve(cause)
    }
  })
}
