import type { FromClient } from './messages'
import type { Results } from './score'
import { openSuite } from './suite'

type Run = (...args: unknown[]) => Promise<void>

/** The suite's own client: its tests, run against the application. */
const [, , directory = '', base, atOnce, ...ids] = process.argv
const suite = openSuite(directory || undefined)
const { runTests, getResults } = (await suite.engine('client/runner.mjs')) as unknown as {
  runTests: Run
  getResults(): Results
}
const groups = (await suite.groups()).map(({ tests, ...group }) => ({
  ...group,
  tests: tests.filter(({ id }) => ids.length === 0 || ids.includes(id)),
}))
const how = [false, base, Number(atOnce)]
await runTests(groups, ...(suite.isCheckout ? how : [fetch, ...how]))
process.send?.({ results: getResults() } satisfies FromClient, () => process.exit())
