import { checkOptions, type OptionTable } from '../arguments/check-options'
import { durationKind } from '../arguments/option-kinds'
import type { Clock } from '../contracts/clock'
import type { ReadyOptions } from '../contracts/operation'
import { toMs } from '../entry/duration'
import { LarderError } from '../errors'

/** Dependencies of {@link createWaitUntilReady}. */
interface WaitUntilReadyOptions {
  readonly cacheName: string
  readonly clock: Clock
  /** Whether every invalidation older than `maxStaleness` is applied, after an attempt to get there. */
  ensureCurrent(): Promise<boolean>
  /** @throws LarderError `CACHE_CLOSED`. */
  checkOpen(): void
}

const readyOptionTable: OptionTable<ReadyOptions> = { timeout: durationKind }

/** Time between two attempts to reach the store, in ms. */
const retryDelay = 100

/** `cache.ready`: waits until the store has answered, so that a wrong address is found at start. */
export function createWaitUntilReady({ cacheName, clock, ensureCurrent, checkOpen }: WaitUntilReadyOptions) {
  return async (options: ReadyOptions = {}): Promise<void> => {
    checkOptions('ready', options, readyOptionTable)
    const timeout = toMs(options.timeout ?? '10s', 'timeout')
    const startedAt = clock.monotonic()
    while (!(await ensureCurrent())) {
      checkOpen()
      if (clock.monotonic() - startedAt >= timeout) throw notReachedError(cacheName, timeout)
      await new Promise<void>((resolve) => void clock.timeout(retryDelay, resolve))
    }
  }
}

function notReachedError(cacheName: string, timeout: number): LarderError {
  return new LarderError(
    'STORE_TIMEOUT',
    `The store of the cache "${cacheName}" did not answer within ${timeout} ms. The cache works without it. Listen to the event error for the reason.`,
  )
}
