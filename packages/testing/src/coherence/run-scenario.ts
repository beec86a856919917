import { isDeepStrictEqual } from 'node:util'
import type { AnyOptions, Application } from './application'
import type { Environment } from './environment'
import type { Command, Step } from './steps'

/** A cached read that disagreed with the source, with the entries and invalidations that explain it. */
export interface Disagreement {
  readonly command: Command
  readonly expected: unknown
  readonly received: unknown
  /** The tags of each cached entry that was read, by key. */
  readonly entries: ReadonlyMap<string, readonly string[]>
  /** The tags and keys that each earlier write invalidated. */
  readonly invalidated: readonly { readonly command: Command; readonly names: readonly string[] }[]
}

/** The application under test, its declared reads and writes, and its environment. */
interface Scenario extends Pick<AnyOptions, 'reads' | 'writes'> {
  readonly app: Application
  readonly environment: Environment
}

/** The longest that one command may take, in ms of virtual time: longer than every timeout of a cache. */
const scenarioTimeout = 60_000

/** Runs the steps, then repeats every read. Resolves to the first read that disagrees with the source. */
export async function runScenario(
  steps: readonly Step[],
  scenario: Scenario,
): Promise<Disagreement | undefined> {
  const { app, environment } = scenario
  const invalidated: { command: Command; names: string[] }[] = []
  const pendingCommands = new Set<Promise<void>>()
  let keys = new Set<string>()
  let activeWrites = 0
  let startedWrites = 0
  let found: Disagreement | undefined

  app.cache.on('invalidate', ({ names }) => void invalidated.at(-1)?.names.push(...names))
  for (const event of ['hit', 'stale', 'miss'] as const) app.cache.on(event, ({ key }) => void keys.add(key))

  async function runWrite(command: Command): Promise<void> {
    activeWrites += 1
    startedWrites += 1
    invalidated.push({ command, names: [] })
    // The application may reject a write. Reads after it must agree with whatever the write left in the source.
    await resultOrError(() => scenario.writes[command.name]?.run(app as never, ...(command.args as never)))
    activeWrites -= 1
  }

  /** Compares only reads that overlap no write: either value is correct while a write is in progress. */
  async function runRead(command: Command): Promise<void> {
    const { cached, source } = scenario.reads[command.name] ?? {}
    const [startedWithoutWrites, writesBefore] = [activeWrites === 0, startedWrites]
    keys = new Set()
    const received = await resultOrError(() => cached?.(app as never, ...(command.args as never)))
    const isComparable = startedWithoutWrites && startedWrites === writesBefore
    const entries = new Map([...keys].map((key) => [key, app.cache.peek(key)?.tags ?? []]))
    const expected = await resultOrError(() => source?.(app as never, ...(command.args as never)))
    if (!isComparable || startedWrites !== writesBefore || isDeepStrictEqual(received, expected)) return
    found ??= { command, expected, received, entries, invalidated: [...invalidated] }
  }

  async function runCommand(command: Command): Promise<void> {
    const running = command.kind === 'read' ? runRead(command) : runWrite(command)
    const tracked = running.finally(() => pendingCommands.delete(tracked))
    pendingCommands.add(tracked)
    if (!command.overlapsNext) await advanceUntilDone(environment, running)
  }

  for (const step of steps) {
    if (found !== undefined) break
    if (step.kind === 'wait') await environment.clock.advance(step.ms)
    else if (step.kind === 'fault') environment.mode = step.mode
    else await runCommand(step)
  }
  await advanceUntilDone(environment, Promise.all(pendingCommands))
  for (const step of steps)
    if (found === undefined && step.kind === 'read') await runCommand({ ...step, overlapsNext: false })
  environment.mode = 'work'
  await advanceUntilDone(environment, app.cache.close())
  return found
}

/** Resolves to the result or to the error thrown: a cached read must fail with the same error as the source. */
async function resultOrError(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

/** Advances virtual time until `work` has settled. @throws after {@link scenarioTimeout}. */
async function advanceUntilDone(environment: Environment, work: Promise<unknown>): Promise<void> {
  let isDone = false
  const settled = work.finally(() => {
    isDone = true
  })
  for (let elapsed = 0; !isDone && elapsed < scenarioTimeout; elapsed += 5) await environment.clock.advance(5)
  if (!isDone) throw new Error(`A read or write did not settle within ${scenarioTimeout} ms of virtual time.`)
  await settled
}
