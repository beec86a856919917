import { isDeepStrictEqual } from 'node:util'
import type { AnyOptions, Application } from './application'
import type { Stage } from './stage'
import type { Act, Step } from './steps'

/** A read that disagreed with the source, and what is known about it. */
export interface Disagreement {
  readonly act: Act
  readonly expected: unknown
  readonly received: unknown
  /** The cached entries that were read, by key, with their tags. */
  readonly entries: ReadonlyMap<string, readonly string[]>
  /** What each write before it invalidated. */
  readonly invalidated: readonly { readonly act: Act; readonly names: readonly string[] }[]
}

/** Who plays a story. */
export interface Cast extends Pick<AnyOptions, 'reads' | 'writes'> {
  readonly app: Application
  readonly stage: Stage
}

/** How long anything may take, in ms of virtual time: longer than every deadline of a cache. */
const patience = 60_000

/** Plays the steps, then reads once more all that was read. Resolves to the first read that disagrees with the source. */
export async function play(steps: readonly Step[], cast: Cast): Promise<Disagreement | undefined> {
  const { app, stage } = cast
  const invalidated: { act: Act; names: string[] }[] = []
  const underWay = new Set<Promise<void>>()
  let keys = new Set<string>()
  let writing = 0
  let writes = 0
  let found: Disagreement | undefined

  app.cache.on('invalidate', ({ names }) => void invalidated.at(-1)?.names.push(...names))
  for (const event of ['hit', 'stale', 'miss'] as const) app.cache.on(event, ({ key }) => void keys.add(key))

  async function write(act: Act): Promise<void> {
    writing += 1
    writes += 1
    invalidated.push({ act, names: [] })
    // A write that fails is the application's own affair; what it left behind is judged all the same.
    await attempt(() => cast.writes[act.name]?.run(app as never, ...(act.args as never)))
    writing -= 1
  }

  /** Judged only if no write is under way meanwhile: what a read beside a write returns is nobody's fault. */
  async function read(act: Act): Promise<void> {
    const { cached, source } = cast.reads[act.name] ?? {}
    const [isQuiet, before] = [writing === 0, writes]
    keys = new Set()
    const received = await attempt(() => cached?.(app as never, ...(act.args as never)))
    const isJudged = isQuiet && writes === before
    const entries = new Map([...keys].map((key) => [key, app.cache.peek(key)?.tags ?? []]))
    const expected = await attempt(() => source?.(app as never, ...(act.args as never)))
    if (!isJudged || writes !== before || isDeepStrictEqual(received, expected)) return
    found ??= { act, expected, received, entries, invalidated: [...invalidated] }
  }

  async function act(step: Act): Promise<void> {
    const acting = step.kind === 'read' ? read(step) : write(step)
    const tracked = acting.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
    if (!step.isHasty) await finish(stage, acting)
  }

  for (const step of steps) {
    if (found !== undefined) break
    if (step.kind === 'wait') await stage.clock.advance(step.ms)
    else if (step.kind === 'fault') stage.mode = step.mode
    else await act(step)
  }
  await finish(stage, Promise.all(underWay))
  for (const step of steps)
    if (found === undefined && step.kind === 'read') await act({ ...step, isHasty: false })
  stage.mode = 'work'
  await finish(stage, app.cache.close())
  return found
}

/** A result, or an error in its place: a cached read must fail as the source does. */
async function attempt(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

/** Lets time go on until this has ended. */
async function finish(stage: Stage, work: Promise<unknown>): Promise<void> {
  let isOver = false
  const ended = work.finally(() => {
    isOver = true
  })
  for (let spent = 0; !isOver && spent < patience; spent += 5) await stage.clock.advance(5)
  if (!isOver) throw new Error(`Something did not end within ${patience} ms of virtual time.`)
  await ended
}
