import type { SuiteGroup, SuiteTest, TestKind } from './suite'

/** The results of the suite's client by test: `true`, or the kind of failure and a message. */
export type TestResults = Readonly<Record<string, true | readonly [kind: string, message: string]>>

/** The outcome of a test. It is undecided if its setup, or a test that it depends on, failed. */
type TestOutcome = 'passed' | 'failed' | 'undecided' | 'not run'

/** One test with its outcome. */
export interface ScoredTest {
  readonly id: string
  readonly group: string
  readonly kind: TestKind
  readonly outcome: TestOutcome
  readonly message: string
}

/** Scores results by the suite's own rules. Tests for browsers are left out. */
export function scoreResults(groups: readonly SuiteGroup[], results: TestResults): ScoredTest[] {
  const testsById = new Map(groups.flatMap(({ tests }) => tests.map((test) => [test.id, test] as const)))
  return groups.flatMap(({ id: group, tests }) =>
    tests
      .filter(({ browser_only: isForBrowsers }) => isForBrowsers !== true)
      .map((test) => ({
        id: test.id,
        group,
        kind: test.kind ?? 'required',
        outcome: decideOutcome(test, testsById, results),
        message: failureMessage(results[test.id]),
      })),
  )
}

function decideOutcome(
  test: SuiteTest,
  testsById: ReadonlyMap<string, SuiteTest>,
  results: TestResults,
): TestOutcome {
  const result = results[test.id]
  if (result === undefined) return 'not run'
  for (const id of test.depends_on ?? []) {
    const dependency = testsById.get(id)
    if (dependency !== undefined && decideOutcome(dependency, testsById, results) !== 'passed')
      return 'undecided'
  }
  if (result === true) return 'passed'
  return result[0] === 'Setup' ? 'undecided' : 'failed'
}

function failureMessage(result: TestResults[string] | undefined): string {
  return result === undefined || result === true ? '' : result[1]
}

/** Counts the tests of a kind and those of them that passed. */
export function countPassed(
  scored: readonly ScoredTest[],
  kind: TestKind,
): { readonly passed: number; readonly of: number } {
  const ofKind = scored.filter((test) => test.kind === kind)
  return { passed: ofKind.filter(({ outcome }) => outcome === 'passed').length, of: ofKind.length }
}
