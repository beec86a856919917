import type { ClientMessage } from './messages'
import type { TestResults } from './score'
import { openSuite } from './suite'

type RunTests = (...args: unknown[]) => Promise<void>

/**
 * Process: the suite's own client runs its tests against an application. Arguments: suite, URL, concurrency, test ids.
 */
const [, , directory = '', base, concurrency, ...ids] = process.argv
const suite = openSuite(directory || undefined)
const { runTests, getResults } = (await suite.loadEngine('client/runner.mjs')) as unknown as {
  runTests: RunTests
  getResults(): TestResults
}
const groups = (await suite.loadGroups()).map(({ tests, ...group }) => ({
  ...group,
  tests: tests.filter(({ id }) => ids.length === 0 || ids.includes(id)),
}))
const runOptions = [false, base, Number(concurrency)]
await runTests(groups, ...(suite.isCheckout ? runOptions : [fetch, ...runOptions]))
process.send?.({ results: getResults() } satisfies ClientMessage, () => process.exit())
