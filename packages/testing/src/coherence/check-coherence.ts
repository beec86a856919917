import fc, { type IAsyncProperty, type Parameters } from 'fast-check'
import type { AnyOptions, Application, CoherenceOptions } from './application'
import { checkCoherenceOptions } from './check-coherence-options'
import { createEnvironment } from './environment'
import { reportDisagreement } from './report-disagreement'
import { type Disagreement, runScenario } from './run-scenario'
import { shrinkSteps } from './shrink-steps'
import { arbitrarySteps, type Step } from './steps'

/** Argument lists by the name of the read or write that takes them. */
type ArgumentsByName = Record<string, readonly unknown[]>

/**
 * The fast-check property that an application's cached reads agree with its source after any sequence of reads and
 * writes, while time passes and the store fails. For `fc.assert`; {@link checkCoherence} is the same with a shorter
 * counterexample.
 */
export function coherenceProperty<
  App extends Application,
  Reads extends ArgumentsByName,
  Writes extends ArgumentsByName,
>(options: CoherenceOptions<App, Reads, Writes>): IAsyncProperty<[readonly Step[]]> {
  checkCoherenceOptions(options)
  const erased = eraseTypes(options)
  return fc.asyncProperty(arbitrarySteps(erased), async (steps) => {
    const disagreement = await findDisagreement(erased, steps)
    if (disagreement !== undefined) throw new Error(reportDisagreement(steps, disagreement))
  })
}

/**
 * Finds writes that forget to invalidate, by model-based testing. Runs random sequences of the application's own reads
 * and writes, sequential and concurrent, while time passes and the store fails, and compares each cached read with its
 * source.
 *
 * @param parameters - Parameters of fast-check, such as `{ numRuns: 1_000, seed: 42 }`.
 * @throws LarderError `BAD_OPTION` for a wrong option.
 * @throws Error with the shortest failing sequence found, the value that was read, and the tags that were invalidated.
 * @example
 * ```ts
 * await checkCoherence({
 *   open: (tools) => openTeam(createCache({ name: 'team', ...tools })),
 *   reads: {
 *     members: {
 *       args: fc.tuple(fc.nat(3)),
 *       cached: (app, org) => app.members(org),
 *       source: (app, org) => app.database.membersOf(org),
 *     },
 *   },
 *   writes: { move: { args: fc.tuple(fc.nat(3), fc.nat(3)), run: (app, user, org) => app.move(user, org) } },
 * })
 * ```
 */
export async function checkCoherence<
  App extends Application,
  Reads extends ArgumentsByName,
  Writes extends ArgumentsByName,
>(
  options: CoherenceOptions<App, Reads, Writes>,
  parameters: Parameters<[readonly Step[]]> = {},
): Promise<void> {
  const run = await fc.check(coherenceProperty(options), parameters)
  if (!run.failed) return
  const erased = eraseTypes(options)
  const [found = []] = run.counterexample ?? []
  const steps = await shrinkSteps(
    found,
    async (candidate) => (await findDisagreement(erased, candidate)) !== undefined,
  )
  const disagreement = await findDisagreement(erased, steps)
  if (disagreement === undefined) throw run.errorInstance
  throw new Error(
    `The cache and its source disagree (seed ${run.seed}):\n${reportDisagreement(steps, disagreement)}`,
  )
}

/** Runs the steps against a new application in a new environment. */
async function findDisagreement(
  { open, reads, writes }: AnyOptions,
  steps: readonly Step[],
): Promise<Disagreement | undefined> {
  const environment = createEnvironment()
  const { store, clock } = environment
  const app = await open({ store, clock })
  // Until the cache has read the log for the first time, it only trusts its own entries.
  await clock.advance(1_000)
  return runScenario(steps, { app, environment, reads, writes })
}

/** The same options without the application's types: generated arguments only fit its functions at run time. */
function eraseTypes<App extends Application, Reads extends ArgumentsByName, Writes extends ArgumentsByName>(
  options: CoherenceOptions<App, Reads, Writes>,
): AnyOptions {
  return options as unknown as AnyOptions
}
