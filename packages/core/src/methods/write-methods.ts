import { resolveRules } from '../compute/rules'
import type { Cache, Invalidated } from '../contracts/cache'
import type { Invalidation } from '../contracts/log'
import { checkTag } from '../entry/key'
import { tagOfNamespace } from '../entry/reserved-tags'
import { followEmitter, followIterable } from '../invalidation/sources'
import { linkRecord } from '../invalidation/tag-graph'
import type { MaybePromise } from '../maybe-promise'
import type { EntryOptions, InvalidateOptions } from '../options'
import type { CacheScope } from './scope'

/** The result of an invalidation that has not reached the log: it waits for a commit, or has nothing to invalidate. */
const notAppended = (): Invalidated => ({ outcome: 'queued', token: undefined })

/** Runs effects at once, or when the transaction around the caller commits. */
function createCommit({ engine }: CacheScope) {
  return (effect: () => Promise<Invalidated>): MaybePromise<Invalidated> =>
    engine.transactions.deferEffect(effect) ? notAppended() : effect()
}

function createInvalidate({ engine }: CacheScope, commit: ReturnType<typeof createCommit>) {
  return async (invalidations: readonly Invalidation[], options?: InvalidateOptions) => {
    engine.checkOpen()
    if (invalidations.length === 0) return notAppended()
    return commit(() => engine.invalidator.invalidate(invalidations, options))
  }
}

function invalidationsOf(
  scope: 'tag' | 'key',
  names: readonly string[],
  options: InvalidateOptions | undefined,
): Invalidation[] {
  return names.map((name) => ({ scope, mode: options?.mode ?? 'hard', name }))
}

type WriteMethods = Pick<Cache, 'set' | 'setMany' | 'delete' | 'deleteMany' | 'clear' | 'touch'>

/** The methods of a cache that write, delete or renew entries by key. */
export function createWriteMethods(scope: CacheScope): WriteMethods {
  const { engine, path, scopeTags, keyOf } = scope
  const commit = createCommit(scope)
  const invalidate = createInvalidate(scope, commit)

  async function setMany(entries: Iterable<readonly [string, unknown]>, options?: EntryOptions<never>) {
    engine.checkOpen()
    const values = [...entries].map(([key, value]) => [keyOf(key), value] as const)
    const rules = resolveRules(options, engine.rules)
    if (values.length === 0) return notAppended()
    return commit(() => engine.writer.writeValues(values, rules, scopeTags))
  }

  return {
    set: async (key, value, options) => setMany([[key, value]], options as EntryOptions<never>),
    setMany: (entries, options) => setMany(entries, options as EntryOptions<never>),
    delete: async (key, options) => invalidate(invalidationsOf('key', [keyOf(key)], options), options),
    deleteMany: async (keys, options) =>
      invalidate(invalidationsOf('key', keys.map(keyOf), options), options),
    clear(options) {
      if (path !== '') return invalidate(invalidationsOf('tag', [tagOfNamespace(path)], options), options)
      return invalidate([{ scope: 'all', mode: options?.mode ?? 'hard', name: '' }], options)
    },
    async touch(key, ttl) {
      engine.checkOpen()
      return engine.writer.touchEntry(keyOf(key), ttl)
    },
  }
}

type TagMethods = Pick<
  Cache,
  'invalidate' | 'wrapWrite' | 'follow' | 'transaction' | 'link' | 'unlink' | 'graph' | 'untracked'
>

/** The methods of a cache that concern tags, and the scopes that invalidations take effect in. */
export function createTagMethods(scope: CacheScope): TagMethods {
  const { engine } = scope
  const { graph } = engine.follower
  const commit = createCommit(scope)
  const invalidate = createInvalidate(scope, commit)

  async function invalidateTags(tags: string | readonly string[], options?: InvalidateOptions) {
    const names = typeof tags === 'string' ? [tags] : tags
    for (const tag of names) checkTag(tag)
    return invalidate(invalidationsOf('tag', names, options), options)
  }

  /** Changes the tag graph when its record takes effect, and not before: a transaction may roll back. */
  async function changeLink(change: 'link' | 'unlink', child: string, parent: string) {
    engine.checkOpen()
    const records = [linkRecord(change, child, parent), ...invalidationsOf('tag', [child], undefined)]
    return commit(() => {
      graph[change](child, parent)
      return engine.invalidator.invalidate(records, undefined)
    })
  }

  return {
    invalidate: invalidateTags,
    wrapWrite(fn, tags) {
      return async function (...args) {
        const result = await fn.apply(this, args)
        await invalidateTags(tags(args, result as never))
        return result as never
      }
    },
    follow: createFollow(scope, invalidateTags),
    transaction: (work) => engine.transactions.runTransaction(work),
    async link(child, parent) {
      checkTag(child)
      checkTag(parent)
      graph.checkLink(child, parent)
      return changeLink('link', child, parent)
    },
    unlink: (child, parent) => changeLink('unlink', child, parent),
    graph: () => [...graph.listLinks()],
    untracked: (work) => engine.dependencies.untracked(work),
  }
}

function createFollow(
  { engine }: CacheScope,
  invalidateTags: (tags: string | readonly string[]) => Promise<Invalidated>,
): Cache['follow'] {
  return (source: unknown, tags: (event: never) => string | readonly string[], event?: string) => {
    const handling = {
      handleEvent: async (item: never) => invalidateTags(tags(item)),
      onError: (error: unknown) => engine.recorder.error('follow', error),
    }
    const following =
      event === undefined
        ? followIterable(source as AsyncIterable<never>, handling)
        : followEmitter(source as never, event, handling)
    engine.onClose(following.stop)
    return following
  }
}
