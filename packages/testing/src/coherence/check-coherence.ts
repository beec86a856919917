import fc, { type IAsyncProperty, type Parameters } from 'fast-check'
import type { AnyOptions, Application, CoherenceOptions } from './application'
import { narrate } from './narrate'
import { shorten } from './shorten'
import { setStage } from './stage'
import { type Step, stepsOf } from './steps'
import { type Disagreement, play } from './story'

/** Arguments by the name of what they are for. */
type Named = Record<string, readonly unknown[]>

/**
 * The property that an application's cached reads agree with its source, whatever is read and written in whatever order,
 * while time passes and the store fails. For `fc.assert`; {@link checkCoherence} is the same with a readable report.
 */
export function coherence<App extends Application, Reads extends Named, Writes extends Named>(
  options: CoherenceOptions<App, Reads, Writes>,
): IAsyncProperty<[readonly Step[]]> {
  const played = untyped(options)
  return fc.asyncProperty(stepsOf(played), async (steps) => {
    const disagreement = await tell(played, steps)
    if (disagreement !== undefined) throw new Error(narrate(steps, disagreement))
  })
}

/**
 * Looks for writes that forget to invalidate. Random stories of the application's own reads and writes are played, also
 * at the same time, with time passing and faults of the store; each cached read is compared with its source.
 *
 * @param parameters - of fast-check, such as `{ numRuns: 1_000, seed: 42 }`.
 * @throws Error that tells the shortest story found, what was read, and which tags were invalidated.
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
export async function checkCoherence<App extends Application, Reads extends Named, Writes extends Named>(
  options: CoherenceOptions<App, Reads, Writes>,
  parameters: Parameters<[readonly Step[]]> = {},
): Promise<void> {
  const run = await fc.check(coherence(options), parameters)
  if (!run.failed) return
  const played = untyped(options)
  const [found = []] = run.counterexample ?? []
  const steps = await shorten(found, async (some) => (await tell(played, some)) !== undefined)
  const disagreement = await tell(played, steps)
  if (disagreement === undefined) throw run.errorInstance
  throw new Error(`The cache and its source disagree (seed ${run.seed}):\n${narrate(steps, disagreement)}`)
}

/** Plays a story on a stage of its own. */
async function tell(
  { open, reads, writes }: AnyOptions,
  steps: readonly Step[],
): Promise<Disagreement | undefined> {
  const stage = setStage()
  const { store, clock } = stage
  const app = await open({ store, clock })
  // Long enough for the cache to have met its log.
  await clock.advance(1_000)
  return play(steps, { app, stage, reads, writes })
}

/** The same options without the types of the application, which only its own functions need. */
function untyped<App extends Application, Reads extends Named, Writes extends Named>(
  options: CoherenceOptions<App, Reads, Writes>,
): AnyOptions {
  return options as unknown as AnyOptions
}
