import type { OpenStore } from '@larder/core'
import { pollUntil } from './poll-until'

/** One guarantee of a contract, with the test for it. */
export interface Check {
  /** The guarantee as a sentence; the name of the test. */
  readonly guarantee: string
  /** @throws if the store does not keep the guarantee. */
  verifyStore(subject: StoreUnderTest): Promise<void>
}

/** The store under test, made for one check. */
export interface StoreUnderTest {
  /**
   * Opens the store for a cache. Calls with the same `cache` open it for the same cache; without an argument, for a new
   * one each time. Everything opened is closed after the check.
   */
  open(cache?: string): OpenStore
  /** Keys that the store reported as evicted. */
  readonly evicted: readonly string[]
}

/** In ms. Below the 5 s that most runners give a test, so that the description of a failure is seen. */
const waitTimeout = 4_000

/** Polls `condition` until it holds. @throws after {@link waitTimeout} ms, with the description. */
export const waitUntil = (description: string, condition: () => boolean | Promise<boolean>) =>
  pollUntil(description, condition, waitTimeout)
