import { badArgument, requireFunction } from '../arguments/check-arguments'
import { describeValue } from '../arguments/describe-value'
import type { Cache, Invalidated } from '../contracts/cache'
import { checkTag } from '../entry/key'
import { type TagNames, toTagNames } from '../entry/tag-names'
import { followEmitter, followIterable } from '../invalidation/sources'
import { linkRecord } from '../invalidation/tag-graph'
import type { InvalidateOptions } from '../options'
import { createIssueInvalidations, invalidationsOf } from './issue-invalidations'
import type { CacheScope } from './scope'

type TagMethods = Pick<
  Cache,
  'invalidate' | 'wrapWrite' | 'follow' | 'transaction' | 'link' | 'unlink' | 'graph' | 'untracked'
>

/** The methods of a cache that concern tags, and the scopes that invalidations take effect in. */
export function createTagMethods(scope: CacheScope): TagMethods {
  const { engine } = scope
  const { graph } = engine.follower
  const { commit, issueInvalidations } = createIssueInvalidations(scope)

  async function invalidateTags(tags: TagNames, options?: InvalidateOptions) {
    return issueInvalidations(
      'invalidate',
      invalidationsOf('tag', toTagNames('invalidate', tags), options),
      options,
    )
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
    async invalidate(tags: TagNames, ...rest: readonly (string | InvalidateOptions | undefined)[]) {
      const more = rest.filter((one) => typeof one === 'string')
      const options = rest.find((one) => typeof one !== 'string')
      return invalidateTags([...toTagNames('invalidate', tags), ...more], options)
    },
    wrapWrite(fn, tags) {
      const example = "cache.wrapWrite(rename, ([id]) => ['user:' + id])"
      requireFunction('wrapWrite', fn, example)
      requireFunction('wrapWrite, as its second argument,', tags, example)
      return async function (...args) {
        const result = await fn.apply(this, args)
        await invalidateTags(tags(args, result as never))
        return result as never
      }
    },
    follow: createFollow(scope, invalidateTags),
    async transaction(work) {
      requireFunction('transaction', work, 'cache.transaction(() => database.transaction(work))')
      return engine.transactions.runTransaction(work)
    },
    async link(child, parent) {
      checkTag(child)
      checkTag(parent)
      graph.checkLink(child, parent)
      return changeLink('link', child, parent)
    },
    async unlink(child, parent) {
      checkTag(child)
      checkTag(parent)
      return changeLink('unlink', child, parent)
    },
    graph: () => [...graph.listLinks()],
    untracked(work) {
      requireFunction('untracked', work, 'cache.untracked(() => readOther())')
      return engine.dependencies.untracked(work)
    },
  }
}

function createFollow(
  { engine }: CacheScope,
  invalidateTags: (tags: TagNames) => Promise<Invalidated>,
): Cache['follow'] {
  return (source: unknown, tags: (event: never) => TagNames, event?: string) => {
    requireSource(source, event)
    requireFunction('follow, as its second argument,', tags, followExample)
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

const followExample = "cache.follow(emitter, (event) => ['user:' + event.id], 'renamed')"

/** @throws LarderError `BAD_ARGUMENT` unless `source` is an async iterable, or an emitter with the name of an event. */
function requireSource(source: unknown, event: unknown): void {
  const given = typeof source === 'object' && source !== null ? source : {}
  const isEmitter = 'on' in given && 'off' in given
  if (event === undefined && Symbol.asyncIterator in given) return
  if (typeof event === 'string' && isEmitter) return
  const problem =
    isEmitter && event === undefined
      ? 'follow needs the name of an event for an emitter.'
      : `follow takes an async iterable, or an emitter and the name of an event; got ${describeValue(source)}.`
  throw badArgument(problem, followExample)
}
