import type { Cache, Invalidated } from '@larder/core'
import { pickRandom } from '../clock/seeded-random'
import type { WriteRecord } from './history'
import { expiringItem, groupOf, items, keyOf, laggingItem, linkedTag, softTag, tagOf } from './items'
import { createWait, type Workload } from './workload'
import type { Node } from './world'

/** A write that a process makes. */
interface Write {
  readonly cache: Cache
  readonly item: number
  /** Commits the next version to the source, and resolves to it. */
  commit(): Promise<number>
  /** Waits at random, as other work of the process would. */
  pause(): Promise<void>
  /** Records that the version was softly invalidated. */
  recordSoft(version: number, invalidated: Invalidated): void
}

/** Commits and invalidates. `undefined`: nothing was committed. */
type Means = (write: Write) => Promise<readonly [version: number, outcome: Invalidated] | undefined>

/** Commits, then invalidates. */
const commitThen =
  (invalidate: (write: Write, version: number) => Promise<Invalidated>): Means =>
  async (write) => {
    const version = await write.commit()
    return [version, await invalidate(write, version)]
  }

/** The outcome of an invalidation at the end of a transaction, which does not report it. */
const queued: Invalidated = { outcome: 'queued', token: undefined }

/** The ways to write. */
const means = {
  tag: commitThen(({ cache, item }) => cache.invalidate(tagOf(item))),
  group: commitThen(({ cache, item }) => cache.invalidate(groupOf(item))),
  key: commitThen(({ cache, item }) => cache.delete(keyOf(item))),
  clear: commitThen(({ cache }) => cache.clear()),
  // A process that does not know the link yet, because the log was lost and not yet reissued, invalidates the child's tag.
  link: commitThen(({ cache, item }) => cache.invalidate(cache.graph().length > 0 ? linkedTag : tagOf(item))),
  set: commitThen(({ cache, item }, version) => cache.set(keyOf(item), version, { tags: [tagOf(item)] })),
  'soft, then hard': commitThen(async ({ cache, item, pause, recordSoft }, version) => {
    recordSoft(version, await cache.invalidate(tagOf(item), { mode: 'soft' }))
    await pause()
    return cache.invalidate(tagOf(item))
  }),
  async transaction({ cache, item, commit }) {
    const version = await cache.transaction(async () => {
      await cache.invalidate(tagOf(item))
      return commit()
    })
    return [version, queued]
  },
  async 'transaction that fails'({ cache, item, pause }) {
    const failed = cache.transaction(async () => {
      await cache.invalidate(tagOf(item))
      await pause()
      throw new Error('rolled back')
    })
    await failed.catch(() => undefined)
    return undefined
  },
  /** The commit is carried out and its answer is lost. */
  async 'transaction in doubt'({ cache, item, commit }) {
    let version: number | undefined
    const inDoubt = cache.transaction(async () => {
      await cache.invalidate(tagOf(item))
      version = await commit()
      throw new Error('connection lost')
    })
    await inDoubt.catch(() => undefined)
    return version === undefined ? undefined : [version, queued]
  },
  /** Work that a transaction starts and does not await: it goes on in its asynchronous context, outside of it. */
  async 'work after a transaction'(write) {
    let work: ReturnType<Means> = Promise.resolve(undefined)
    let endTransaction: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      endTransaction = resolve
    })
    await write.cache.transaction(async () => {
      work = ended.then(() => write.pause()).then(() => means.tag(write))
    })
    endTransaction()
    return work
  },
} satisfies Record<string, Means>

export type MeansName = keyof typeof means

/** The means that a writer may use: only one writer may `set` an item, because a delayed `set` would store an old version. */
function meansFor(item: number, isOwner: boolean): readonly MeansName[] {
  if (item === 0)
    return ['link', 'tag', 'group', 'soft, then hard', 'transaction', 'work after a transaction']
  if (item === 1) return ['key', 'clear', 'group', 'transaction that fails', 'transaction in doubt']
  if (item === laggingItem) return ['tag']
  return isOwner ? ['set'] : []
}

/** Writes something at random, and records the result. `writer`: the index of the writer in its process. */
export async function writeSomething(workload: Workload, node: Node, writer: number): Promise<void> {
  const { world, source, quietPeriods = [], clears = true } = workload
  const { random, timers } = world
  if (quietPeriods.some(({ from, to }) => timers.time >= from && timers.time < to)) return
  if (random() < 0.3) return void (await node.cache.invalidate(softTag, { mode: 'soft' }))
  const { softItem } = workload
  if (softItem !== undefined) return writeItem(workload, node, softItem, 'soft, then hard')
  const item = Math.floor(items * random())
  if (item === expiringItem) return void (await source.commitVersion(item, createWait(node, world)))
  const isOwner = writer === 0 && item % world.nodes.length === node.index
  const allowed = meansFor(item, isOwner).filter((name) => clears || name !== 'clear')
  if (allowed.length === 0) return
  await writeItem(workload, node, item, pickRandom(random, allowed))
}

/** Writes one item, and records the result. */
export async function writeItem(
  { world, source, history }: Workload,
  node: Node,
  item: number,
  name: MeansName,
): Promise<void> {
  const { random, timers } = world
  const wait = createWait(node, world)
  let committedAt = timers.time
  const toRecord = (version: number, { outcome, token }: Invalidated): WriteRecord => ({
    node: node.index,
    incarnation: node.incarnation,
    item,
    version,
    committedAt,
    means: name,
    resolvedAt: timers.time,
    outcome,
    token,
  })
  const written = await means[name]({
    cache: node.cache,
    item,
    async commit() {
      const version = await source.commitVersion(item, wait)
      committedAt = timers.time
      return version
    },
    pause: () => wait(1_000 * random()),
    recordSoft: (...soft) => void history.softWrites.push(toRecord(...soft)),
  })
  if (written !== undefined) history.writes.push(toRecord(...written))
}
