import type { Cache, Invalidated } from '@larder/core'
import { groupOf, keyOf, linkedTag, tagOf } from './items'

/** A write that a process makes. */
interface Write {
  readonly cache: Cache
  readonly item: number
  /** Commits the next version to the source, and resolves to it. */
  commit(): Promise<number>
  /** Waits at random, as other work of the process would: up to a second, or up to `longest` ms. */
  pause(longest?: number): Promise<void>
  /** Reads something in the same process. */
  read(): void
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

const setItem = commitThen(({ cache, item }, version) =>
  cache.set(keyOf(item), version, { tags: [tagOf(item)] }),
)
const invalidateParent = commitThen(({ cache }) => cache.invalidate(linkedTag))

/** The ways to write. */
export const means = {
  tag: commitThen(({ cache, item }) => cache.invalidate(tagOf(item))),
  group: commitThen(({ cache, item }) => cache.invalidate(groupOf(item))),
  key: commitThen(({ cache, item }) => cache.delete(keyOf(item))),
  clear: commitThen(({ cache }) => cache.clear()),
  // A process that does not know the link yet, because the log was lost and not yet reissued, invalidates the child's tag.
  link: commitThen(({ cache, item }) => cache.invalidate(cache.graph().length > 0 ? linkedTag : tagOf(item))),
  set: setItem,
  'soft, then hard': commitThen(async ({ cache, item, pause, recordSoft }, version) => {
    recordSoft(version, await cache.invalidate(tagOf(item), { mode: 'soft' }))
    await pause()
    return cache.invalidate(tagOf(item))
  }),
  'soft key, then key': commitThen(async ({ cache, item, pause, recordSoft }, version) => {
    recordSoft(version, await cache.delete(keyOf(item), { mode: 'soft' }))
    await pause(3_000)
    return cache.delete(keyOf(item))
  }),
  /** Reads begin between the slices in which so many names come into force: the tag is in the last one. */
  'tag among a thousand': commitThen(({ cache, item, read }) => {
    const others = Array.from({ length: 1_000 }, (_, index) => `other:${index}`)
    const invalidated = cache.invalidate([...others, tagOf(item)])
    read()
    return invalidated
  }),
  /** The link to the parent is removed and made again at once, whether or not the log can be reached. */
  async 'relink, then parent'(write) {
    const { cache, item, pause } = write
    void cache.unlink(tagOf(item), linkedTag)
    await pause(100)
    await cache.link(tagOf(item), linkedTag)
    await pause(300)
    return invalidateParent(write)
  },
  async 'set, then parent'(write) {
    await setItem(write)
    await write.pause()
    return invalidateParent(write)
  },
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
    // Of a cache that was closed meanwhile, the caller cannot learn that nothing is invalidated: this call rejects then.
    await cache.invalidate([])
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
