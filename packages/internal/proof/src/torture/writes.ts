import type { Cache, Invalidated } from '@larder/core'
import type { WriteRecord } from '@larder/testing'
import { groupOf, isLinked, isOwned, items, keyOf, linkedTag, softTag, tagOf } from './items'
import type { Assignment } from './messages'
import { sharedNow } from './shared-clock'

/** A write of one item. */
interface Write {
  readonly cache: Cache
  readonly item: number
  /** Commits the next version to the database, and resolves to it. */
  commit(): Promise<number>
  /** Waits at random, as other work of the process would. */
  pause(): Promise<void>
}

/** The committed version, and the outcome of its invalidation. */
interface Written extends Invalidated {
  readonly version: number
}

/** The outcome of an invalidation at the end of a transaction, which does not report it. */
const queued: Invalidated = { outcome: 'queued', token: undefined }

/** The ways to write: each commits, invalidates, and resolves to the committed version. */
const means = {
  tag: commitThen(({ cache, item }) => cache.invalidate(tagOf(item))),
  group: commitThen(({ cache, item }) => cache.invalidate(groupOf(item))),
  key: commitThen(({ cache, item }) => cache.delete(keyOf(item))),
  clear: commitThen(({ cache }) => cache.clear()),
  // A process that does not know the link, because the log was lost and not yet reissued, invalidates the child's tag.
  link: commitThen(({ cache, item }) => cache.invalidate(cache.graph().length > 0 ? linkedTag : tagOf(item))),
  set: commitThen(({ cache, item }, version) => cache.set(keyOf(item), version, { tags: [tagOf(item)] })),
  'soft, then hard': commitThen(async ({ cache, item, pause }) => {
    await cache.invalidate(tagOf(item), { mode: 'soft' })
    await pause()
    return cache.invalidate(tagOf(item))
  }),
  async transaction({ cache, item, commit }: Write): Promise<Written> {
    const version = await cache.transaction(async () => {
      await cache.invalidate(tagOf(item))
      return commit()
    })
    return { version, ...queued }
  },
  /** The commit is carried out and its answer is lost. */
  async 'transaction in doubt'({ cache, item, commit }: Write): Promise<Written> {
    let version = 0
    const inDoubt = cache.transaction(async () => {
      await cache.invalidate(tagOf(item))
      version = await commit()
      throw new Error('connection lost')
    })
    await inDoubt.catch(() => undefined)
    return { version, ...queued }
  },
  /** Work that a transaction starts and does not await: it goes on in its asynchronous context, outside of it. */
  async 'work after a transaction'(write: Write): Promise<Written> {
    let endTransaction: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      endTransaction = resolve
    })
    const { work } = await write.cache.transaction(() => ({
      work: ended.then(write.pause).then(() => means.tag(write)),
    }))
    endTransaction()
    return work
  },
} satisfies Record<string, (write: Write) => Promise<Written>>

/** Commits, then invalidates. */
function commitThen(invalidate: (write: Write, version: number) => Promise<Invalidated>) {
  return async (write: Write): Promise<Written> => {
    const version = await write.commit()
    return { version, ...(await invalidate(write, version)) }
  }
}

/** The ways in which a process may write an item; none if another process owns it. */
function meansFor(item: number, isOwner: boolean): readonly (keyof typeof means)[] {
  if (isOwned(item)) return isOwner ? ['set'] : []
  const always = ['tag', 'key', 'group', 'soft, then hard', 'transaction'] as const
  if (isLinked(item)) return [...always, 'link', 'work after a transaction']
  return [...always, 'transaction in doubt', 'tag', 'key']
}

/** The writes of one process. */
export function createWrites(
  writer: Pick<Write, 'cache' | 'pause'> & { commitVersion(item: number): Promise<number> },
  { node, processes, isForgetful }: Assignment,
  random: () => number,
) {
  const { cache } = writer
  const pickMeans = (item: number) => {
    if (random() < 0.03 && !isOwned(item)) return 'clear'
    const allowed = meansFor(item, item % processes === node)
    return allowed[Math.floor(random() * allowed.length)]
  }

  return {
    /** Makes the links that writes by a link rely on. */
    linkItems: async (): Promise<void> => {
      for (let item = 0; item < items; item += 1) if (isLinked(item)) await cache.link(tagOf(item), linkedTag)
    },

    invalidateSoftly: async (): Promise<void> => void (await cache.invalidate(softTag, { mode: 'soft' })),

    /** Writes an item; undefined if another process owns it. */
    async writeItem(item: number): Promise<WriteRecord | undefined> {
      const name = pickMeans(item)
      if (name === undefined) return undefined
      let committedAt = 0
      const commit = async () => {
        const version = await writer.commitVersion(item)
        committedAt = sharedNow()
        return version
      }
      const isForgotten = isForgetful && random() < 0.2
      const written: Written = isForgotten
        ? { version: await commit(), outcome: 'applied', token: undefined }
        : await means[name]({ ...writer, item, commit })
      const { version, outcome, token } = written
      const resolvedAt = sharedNow()
      return { node, incarnation: 0, item, version, committedAt, means: name, resolvedAt, outcome, token }
    },
  }
}
