import type { OpenStore } from '@larder/core'

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

/** In ms. Long: on a busy machine too, a condition that holds in the end is met. */
const waitTimeout = 30_000

/** Polls `condition` until it holds. @throws after {@link waitTimeout} ms, with the description. */
export async function waitUntil(
  description: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + waitTimeout
  while (!(await condition())) {
    if (performance.now() > end)
      throw new Error(`Timed out after ${waitTimeout} ms, waiting until ${description}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
