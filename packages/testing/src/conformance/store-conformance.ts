import { type OpenStore, type Store, systemClock } from '@larder/core'
import type { Check, Subject } from './check'
import { leaseChecks } from './leases'
import { localTierChecks } from './local-tier'
import { logChecks } from './log'
import { sharedTierChecks } from './shared-tier'
import { storeChecks } from './store'

/** What a test runner offers: `describe` and `it` of vitest, jest and node:test all fit. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown
  it(name: string, run: () => Promise<void>): unknown
}

/** The checks of one contract. */
export interface Contract {
  readonly name: string
  readonly checks: readonly Check[]
  /** Whether the store has what the contract is about. */
  applies(opened: OpenStore): boolean
}

export const contracts: readonly Contract[] = [
  { name: 'a store', checks: storeChecks, applies: () => true },
  { name: 'a local tier', checks: localTierChecks, applies: ({ local }) => local !== undefined },
  { name: 'a shared tier', checks: sharedTierChecks, applies: ({ shared }) => shared.length > 0 },
  { name: 'a log', checks: logChecks, applies: ({ log }) => log !== undefined },
  { name: 'leases', checks: leaseChecks, applies: ({ leases }) => leases !== undefined },
]

/**
 * The contract of a store as tests: what it has decides which of them there are.
 *
 * @param makeStore - makes the store for one check. Stores on a server may share it: each check opens caches with names
 * that no other has.
 * @example
 * ```ts
 * import { describe, it } from 'vitest'
 *
 * storeConformance(() => memoryStore(), { describe, it })
 * ```
 */
export function storeConformance(makeStore: () => Store, { describe, it }: TestRunner): void {
  for (const { name, checks } of contractsOf(makeStore())) {
    describe(name, () => {
      for (const check of checks) it(check.promise, () => runCheck(check, makeStore()))
    })
  }
}

/** The contracts that a store of this kind is held to. */
export function contractsOf(store: Store): readonly Contract[] {
  const opened = opening(store, nextName(), [])
  const applying = contracts.filter(({ applies }) => applies(opened))
  void opened.close()
  return applying
}

/** Runs one check on a store made for it. @throws where the promise is broken. */
export async function runCheck(check: Check, store: Store): Promise<void> {
  const opened: OpenStore[] = []
  const evicted: string[] = []
  const prefix = nextName()
  const subject: Subject = {
    evicted,
    open(cache) {
      const name = cache === undefined ? nextName() : `${prefix} ${cache}`
      const one = opening(store, name, evicted)
      opened.push(one)
      return one
    },
  }
  try {
    await check.run(subject)
  } finally {
    await Promise.all(opened.map((one) => one.close()))
  }
}

function opening(store: Store, name: string, evicted: string[]): OpenStore {
  return store.open({
    name,
    clock: systemClock,
    report: () => undefined,
    evicted: (key) => evicted.push(key),
  })
}

let names = 0

/** A name that no other process on the same server uses. */
function nextName(): string {
  names += 1
  return `conformance ${process.pid} ${Date.now()} ${names}`
}
