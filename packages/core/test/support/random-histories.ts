import fc from 'fast-check'
import { expect } from 'vitest'
import { wrap, wrapWrite } from '../../src/decorators'
import { type Cache, createCache, LarderError } from '../../src/index'
import { type ManualClock, manualClock } from './manual-clock'
import { createWire, createWorld, type Wire } from './world'

/** The error that the functions of the application throw. */
class OwnError extends Error {}

const keys = ['a', 'b'] as const
type Key = (typeof keys)[number]

/** A row as it was when it was read. */
interface Row {
  readonly key: string
  readonly version: number
}

/** Records on a page of the log: few, so that most syncs take several. */
const pageSize = 3

/** The maxStaleness of a cache, by default. */
const maxStaleness = 2_000

/** An invalidation of a row that has been acknowledged. */
interface Announcement {
  readonly key: string
  readonly version: number
  /** On the monotonic clock. */
  readonly at: number
  /** Whose reads reflect it at once. */
  readonly process: object | undefined
  /** Whether the log has acknowledged it, as far as its connection tells. */
  readonly isShared: boolean
  /** Whether its result says so. */
  readonly isApplied: boolean
}

/** Rows with a version, and the oldest version of each that a read may return. */
function createDatabase(clock: ManualClock) {
  const versions = new Map<string, number>()
  const announced: Announcement[] = []
  const versionOf = (key: string) => versions.get(key) ?? 0

  return {
    read: (key: string): Row => ({ key, version: versionOf(key) }),
    write(key: string): number {
      versions.set(key, versionOf(key) + 1)
      return versionOf(key)
    },
    /** An invalidation of the row has been acknowledged. */
    announce(announcement: Omit<Announcement, 'at'>): void {
      announced.push({ ...announcement, at: clock.monotonic() })
    },
    versionOf,
    /** The version before which a row is too old for a read of this process that starts now. */
    oldestAllowed(key: string, process: object, isStrong: boolean): number {
      const now = clock.monotonic()
      const isBinding = (one: Announcement) =>
        one.process === process ||
        (one.isShared && one.at < now - maxStaleness) ||
        (isStrong && one.isApplied)
      const binding = announced.filter((one) => one.key === key && isBinding(one))
      return Math.max(0, ...binding.map(({ version }) => version))
    },
  }
}

type Database = ReturnType<typeof createDatabase>

/** How the source answers: after how many ms, and whether it fails. */
interface Source {
  readonly delay: number
  readonly fails: boolean
}

/** Methods with decorators, as Node 20 cannot read them. */
class Rows {
  readonly cache: Cache
  source: Source = { delay: 0, fails: false }
  readonly readRow: (key: string, source: Source) => Promise<Row>

  constructor(cache: Cache, readRow: Rows['readRow']) {
    this.cache = cache
    this.readRow = readRow
  }
  readonly find = wrap((rows: Rows) => rows.cache, { name: 'decorated', tags: ([key]) => `row:${key}` })(
    function (this: Rows, key: string) {
      return this.readRow(key, this.source)
    },
    { kind: 'method' },
  )
  readonly write = wrapWrite(
    (rows: Rows) => rows.cache,
    ([key]) => `row:${key}`,
  )(
    async function (this: Rows, key: string, write: () => void) {
      await Promise.resolve(key)
      write()
    },
    { kind: 'method' },
  )
}

/** One process, or a namespace in it: every way to read rows, and every way to write one. */
function createProcess(root: Cache, cache: Cache, clock: ManualClock, database: Database) {
  let source: Source = { delay: 0, fails: false }
  async function readRow(key: string): Promise<Row> {
    const { delay, fails } = source
    const row = database.read(key)
    if (delay > 0) await new Promise<void>((resolve) => clock.timeout(delay, resolve))
    if (fails) throw new OwnError('from the source')
    return row
  }
  const tags = (key: string) => `row:${key}`
  const listeners = new Set<(key: string) => void>()
  const emitter = {
    on: (_: string, listener: (key: string) => void) => listeners.add(listener),
    off: (_: string, listener: (key: string) => void) => listeners.delete(listener),
  }
  root.follow(emitter, tags, 'changed')
  const rows = new Rows(cache, readRow)
  const wrapped = cache.wrap(readRow, { name: 'wrapped', tags: ([key]) => tags(key) })
  const load = cache.namespace('loaded').loader((missing) => Promise.all(missing.map(readRow)), {
    tags: (_, key) => tags(key),
  })
  const places = new Map<Key, { fill(value: Row): unknown; row: Row }>()

  async function begin(key: Key): Promise<Row | undefined> {
    const beginning = await cache.begin<Row>(`begun ${key}`, { tags: tags(key) })
    if (beginning.hit) return beginning.value
    places.set(key, { fill: beginning.fill, row: database.read(key) })
    return undefined
  }
  const reads: Readonly<Record<string, (key: Key) => Promise<Row | readonly Row[] | undefined>>> = {
    getOrCompute: (key) => cache.getOrCompute(key, () => readRow(key), { tags: tags(key) }),
    get: (key) => cache.get<Row>(key),
    wrapped,
    refresh: (key) => wrapped.refresh(key),
    decorated: (key) => rows.find(key),
    loader: load,
    many: async () =>
      (await cache.getManyOrCompute([...keys], (missing) => Promise.all(missing.map(readRow)), {
        tags: (_, key) => tags(key),
      })) as Row[],
    composed: () => cache.getOrCompute('composed', () => Promise.all(keys.map((key) => wrapped(key)))),
    nested: (key) => cache.getOrCompute(`nested ${key}`, () => load(key)),
    begin,
    /** Reflects what the log has acknowledged, however short ago. */
    strong: (key) =>
      cache.getOrCompute(`strong ${key}`, () => readRow(key), { tags: tags(key), consistency: 'strong' }),
  }

  const inTransaction = (end: 'commit' | 'inDoubt') => async (key: Key, write: () => void) => {
    const transaction = cache.beginTransaction()
    const deferred = await transaction.run(() => cache.invalidate(tags(key)))
    await transaction.run(() => wrapped(key)).catch(ignoreOwn)
    write()
    await transaction[end]()
    return deferred
  }
  /** Each writes the row itself, by `write`, and invalidates what was read of it. */
  const writes: Readonly<Record<string, (key: Key, write: () => void) => Promise<unknown>>> = {
    async invalidate(key, write) {
      write()
      return cache.invalidate(tags(key))
    },
    async soft(key, write) {
      write()
      return cache.invalidate(tags(key), { mode: 'soft' })
    },
    async parent(_, write) {
      write()
      return cache.invalidate('row')
    },
    async clear(_, write) {
      write()
      return root.clear()
    },
    wrapWrite: (key, write) =>
      cache.wrapWrite(
        async (_: Key) => write(),
        ([of]) => tags(of),
      )(key),
    decorated: (key, write) => rows.write(key, write),
    async linked(key, write) {
      await cache.link(tags(key), `group:${key}`)
      write()
      return cache.invalidate(`group:${key}`)
    },
    transaction: (key, write) =>
      cache.transaction(async () => {
        await cache.invalidate(tags(key))
        await wrapped(key).catch(ignoreOwn)
        write()
      }),
    commit: inTransaction('commit'),
    inDoubt: inTransaction('inDoubt'),
    async set(key, write) {
      write()
      const invalidated = await cache.invalidate(tags(key))
      await cache.set(key, database.read(key), { tags: tags(key) })
      return invalidated
    },
  }
  /** Calls that change no row. */
  const others: Readonly<Record<string, (key: Key) => unknown>> = {
    fill(key) {
      const place = places.get(key)
      places.delete(key)
      return place?.fill(place.row)
    },
    touch: (key) => cache.touch(key, '1h'),
    unlink: (key) => cache.unlink(tags(key), `group:${key}`),
    async rollback(key) {
      const transaction = cache.beginTransaction()
      await transaction.run(() =>
        Promise.all([cache.set(key, { key, version: 1_000 }), cache.link(`row:${key}`, 'nothing')]),
      )
      await transaction.rollback()
    },
    emit(key) {
      for (const listener of listeners) listener(key)
    },
    delete: (key) => cache.delete(key),
    sweep: () => root.sweep(),
  }
  const setSource = (next: Source) => {
    source = next
  }
  return { cache: root, reads, writes, others, setSource }
}

function ignoreOwn(error: unknown): void {
  if (!(error instanceof OwnError || error instanceof LarderError)) throw error
}

const anyStep = fc.record({
  process: fc.nat(1),
  isInNamespace: fc.constantFrom(false, false, true),
  kind: fc.constantFrom('read', 'read', 'read', 'write', 'write', 'other', 'wire', 'close', 'loss'),
  choice: fc.nat(1_000),
  key: fc.constantFrom('a', 'a', 'a', 'b'),
  source: fc.record({
    delay: fc.constantFrom(0, 30, 100, 3_000),
    fails: fc.constantFrom(false, false, false, true),
  }),
  isAwaited: fc.boolean(),
  pause: fc.constantFrom(0, 0, 0, 10, 40, 200, 900, 2_100),
})

type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

/**
 * Each history makes few of the reads and writes, and makes them often (swarm testing; Groce et al., ISSTA 2012): with all of
 * them, those that find a fault together hardly ever meet.
 */
const anyHistory = fc.record({
  reads: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }),
  writes: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 2 }),
  steps: fc.array(anyStep, { minLength: 6, maxLength: 30, size: 'max' }),
})

type History = typeof anyHistory extends fc.Arbitrary<infer H> ? H : never

/** Lets virtual time pass until the work has settled. */
async function settle<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isSettled = false
  const done = () => {
    isSettled = true
  }
  work.then(done, done)
  for (let step = 0; step < 1_000 && !isSettled; step += 1) await clock.advance(step === 0 ? 0 : 50)
  if (!isSettled) throw new Error('The call has not settled within 50 s.')
  return work
}

const choose = <T>(choices: Readonly<Record<string, T>>, choice: number) =>
  Object.entries(choices)[choice % Object.keys(choices).length] as [name: string, chosen: T]

async function runHistory({ reads, writes, steps }: History): Promise<void> {
  const clock = manualClock()
  const world = createWorld(clock, pageSize)
  const database = createDatabase(clock)
  const wires: Wire[] = []
  const start = (process: number) => {
    const wire = createWire()
    wires[process] = wire
    const root = createCache({ name: 'test', store: world.store({ wire }), clock, ttl: '10m', logger })
    const scopes = [root, root.namespace('n')]
    return scopes.map((cache) => createProcess(root, cache, clock, database))
  }
  const processes = [start(0), start(1)]
  const background: Promise<unknown>[] = []
  const failures: unknown[] = []

  async function runStep({ process, isInNamespace, kind, choice, key, source }: Step): Promise<void> {
    const at = processes[process]?.[Number(isInNamespace)]
    const wire = wires[process]
    if (at === undefined || wire === undefined) return
    // A process that has closed takes its queued invalidations with it, so they bind no process that is started after it.
    const incarnation = at.cache
    at.setSource(source)
    if (kind === 'read') {
      const [name, read] = choose(at.reads, reads[choice % reads.length] ?? 0)
      const oldestOf = (one: string) => database.oldestAllowed(one, incarnation, name === 'strong')
      const oldest = new Map(keys.map((one) => [one as string, oldestOf(one)]))
      const result = await read(key)
      for (const row of [result].flat()) {
        if (row === undefined) continue
        expect(row.version, `the version of ${row.key}`).toBeGreaterThanOrEqual(oldest.get(row.key) ?? 0)
        expect(row.version, `the version of ${row.key}`).toBeLessThanOrEqual(database.versionOf(row.key))
      }
    } else if (kind === 'write') {
      const modeBefore = wire.mode
      let version = 0
      const [name, write] = choose(at.writes, writes[choice % writes.length] ?? 0)
      const result = (await write(key, () => {
        version = database.write(key)
      })) as { outcome?: string } | undefined
      const isApplied = result?.outcome === 'applied'
      // Reads without a demand may get what was ended softly, while it is computed again.
      const isHard = name !== 'soft'
      const isShared = isHard && modeBefore === 'work' && wire.mode === 'work' && result?.outcome !== 'queued'
      const binding = { process: isHard ? incarnation : undefined, isShared, isApplied }
      database.announce({ key, version, ...binding })
    } else if (kind === 'other') await choose(at.others, choice)[1](key)
    else if (kind === 'wire') {
      wire.mode = (['work', 'work', 'fail', 'hang'] as const)[choice % 4] ?? 'work'
      wire.isDeaf = choice % 3 === 0
    } else if (kind === 'loss') {
      if (choice % 3 === 0) world.flush()
      else world.forgetKeys()
    } else if (choice % 5 === 0) {
      await at.cache.close()
      processes[process] = start(process)
    }
  }

  for (const step of steps) {
    const run = runStep(step).catch(ignoreOwn)
    if (step.isAwaited) await settle(clock, run)
    else background.push(run.catch((error) => failures.push(error)))
    if (step.pause > 0) await clock.advance(step.pause)
  }
  await settle(clock, Promise.all(background))
  for (const failure of failures) throw failure
  for (const [{ cache } = { cache: undefined }] of processes) if (cache) await settle(clock, cache.close())
}

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Runs random histories of two processes on one store. Rejects with the first counterexample: a row that is too old, or a foreign error. */
export async function assertRandomHistories(numRuns: number): Promise<void> {
  await fc.assert(fc.asyncProperty(anyHistory, runHistory), { numRuns })
}
