import type { Kind, SuiteGroup, SuiteTest } from './suite'

/** What the suite's client says of each test: `true`, or the kind of failure and a message. */
export type Results = Readonly<Record<string, true | readonly [kind: string, message: string]>>

/** What came of one test. A test that depends on one that failed says nothing. */
export type Outcome = 'passed' | 'failed' | 'undecided' | 'not run'

/** One test with what came of it. */
export interface Scored {
  readonly id: string
  readonly group: string
  readonly kind: Kind
  readonly outcome: Outcome
  readonly message: string
}

/** The suite's own rules: failures in the setup and in what a test depends on are no failures of the test. */
export function score(groups: readonly SuiteGroup[], results: Results): Scored[] {
  const tests = new Map(groups.flatMap(({ tests }) => tests.map((test) => [test.id, test] as const)))
  return groups.flatMap(({ id: group, tests: own }) =>
    own
      .filter(({ browser_only: isForBrowsers }) => isForBrowsers !== true)
      .map((test) => ({
        id: test.id,
        group,
        kind: test.kind ?? 'required',
        outcome: outcomeOf(test, tests, results),
        message: messageOf(results[test.id]),
      })),
  )
}

function outcomeOf(test: SuiteTest, tests: ReadonlyMap<string, SuiteTest>, results: Results): Outcome {
  const result = results[test.id]
  if (result === undefined) return 'not run'
  for (const id of test.depends_on ?? []) {
    const other = tests.get(id)
    if (other !== undefined && outcomeOf(other, tests, results) !== 'passed') return 'undecided'
  }
  if (result === true) return 'passed'
  return result[0] === 'Setup' ? 'undecided' : 'failed'
}

function messageOf(result: Results[string] | undefined): string {
  return result === undefined || result === true ? '' : result[1]
}

/** How many tests of a kind there are, and how many passed. */
export function tally(
  scored: readonly Scored[],
  kind: Kind,
): { readonly passed: number; readonly of: number } {
  const own = scored.filter((test) => test.kind === kind)
  return { passed: own.filter(({ outcome }) => outcome === 'passed').length, of: own.length }
}
