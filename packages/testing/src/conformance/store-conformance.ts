import { functionKind, kindOf, type OpenStore, objectKind, type Store, systemClock } from '@larder/core'
import type { Check, StoreUnderTest } from './check'
import { leaseChecks } from './lease-checks'
import { localTierChecks } from './local-tier-checks'
import { logChecks } from './log-checks'
import { scanChecks, sharedTierChecks } from './shared-tier-checks'
import { storeChecks } from './store-checks'

/** The functions of a test runner: `describe` and `it` of vitest, jest and node:test have these types. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown
  it(name: string, run: () => Promise<void>): unknown
}

/** The checks of one contract. */
export interface Contract {
  readonly name: string
  readonly checks: readonly Check[]
  /** Whether the store has the part that the contract describes. */
  appliesTo(opened: OpenStore): boolean
}

export const contracts: readonly Contract[] = [
  { name: 'a store', checks: storeChecks, appliesTo: () => true },
  { name: 'a local tier', checks: localTierChecks, appliesTo: ({ local }) => local !== undefined },
  { name: 'a shared tier', checks: sharedTierChecks, appliesTo: ({ shared }) => shared.length > 0 },
  {
    name: 'a shared tier that lists its keys',
    checks: scanChecks,
    appliesTo: ({ shared }) => shared[0]?.scan !== undefined,
  },
  { name: 'a log', checks: logChecks, appliesTo: ({ log }) => log !== undefined },
  { name: 'leases', checks: leaseChecks, appliesTo: ({ leases }) => leases !== undefined },
]

const makeStoreKind = functionKind('() => memoryStore()')
const storeKind = objectKind('memoryStore()', 'open')
const runnerKind = kindOf('{ describe, it } of a test runner such as vitest', isTestRunner)

/**
 * Defines tests for the contract of a store. The parts that the store has (local tier, shared tiers, log, leases)
 * determine which tests there are.
 *
 * @param makeStore - Creates the store for one check. Stores on a server may share the server: each check opens caches
 * with unique names.
 * @example
 * ```ts
 * import { describe, it } from 'vitest'
 *
 * storeConformance(() => memoryStore(), { describe, it })
 * ```
 * @throws LarderError `BAD_OPTION` for anything but a function that makes a store, and a test runner.
 */
export function storeConformance(makeStore: () => Store, runner: TestRunner): void {
  makeStoreKind(makeStore, 'storeConformance: the first argument')
  runnerKind(runner, 'storeConformance: the second argument')
  const store = makeStore()
  storeKind(store, 'storeConformance: the result of the first argument')
  const { describe, it } = runner
  for (const { name, checks } of contractsOf(store)) {
    describe(name, () => {
      for (const check of checks) it(check.guarantee, () => runCheck(check, makeStore()))
    })
  }
}

function isTestRunner(value: unknown): boolean {
  const { describe, it } = Object(value) as Partial<TestRunner>
  return typeof describe === 'function' && typeof it === 'function'
}

/** The contracts that apply to the parts of this store. */
function contractsOf(store: Store): readonly Contract[] {
  const opened = openStore(store, createUniqueName(), [])
  const applying = contracts.filter(({ appliesTo }) => appliesTo(opened))
  void opened.close()
  return applying
}

/** Runs one check on a store created for it. @throws if the store does not keep the guarantee. */
export async function runCheck(check: Check, store: Store): Promise<void> {
  const opened: OpenStore[] = []
  const evicted: string[] = []
  const prefix = createUniqueName()
  const subject: StoreUnderTest = {
    evicted,
    open(cache) {
      const name = cache === undefined ? createUniqueName() : `${prefix} ${cache}`
      const one = openStore(store, name, evicted)
      opened.push(one)
      return one
    },
  }
  try {
    await check.verifyStore(subject)
  } finally {
    await Promise.all(opened.map((one) => one.close()))
  }
}

function openStore(store: Store, name: string, evicted: string[]): OpenStore {
  return store.open({
    name,
    clock: systemClock,
    report: () => undefined,
    evicted: (key) => evicted.push(key),
  })
}

let nameCount = 0

/** A cache name that no other process on the same server uses. */
function createUniqueName(): string {
  nameCount += 1
  return `conformance ${process.pid} ${Date.now()} ${nameCount}`
}
