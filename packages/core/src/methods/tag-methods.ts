import { badArgument, requireFunction, requireSynchronous } from '../arguments/check-arguments'
import { checkOptions } from '../arguments/check-options'
import { describeValue } from '../arguments/describe-value'
import type { Cache } from '../contracts/cache'
import type { Invalidated } from '../contracts/invalidated'
import { checkTag } from '../entry/key'
import { type TagNames, toTagNames } from '../entry/tag-names'
import { followEmitter, followIterable } from '../invalidation/sources'
import { linkRecord } from '../invalidation/tag-graph'
import type { InvalidateOptions } from '../options'
import { createIssueInvalidations, invalidationsOf } from './issue-invalidations'
import { transactionOptionTable } from './option-tables'
import type { CacheScope } from './scope'
import { wrapWriteFunction } from './transaction-methods'

type TagMethods = Pick<
  Cache,
  'invalidate' | 'wrapWrite' | 'follow' | 'link' | 'unlink' | 'graph' | 'untracked'
>

/** The methods of a cache that concern tags, and the scopes that invalidations take effect in. */
export function createTagMethods(scope: CacheScope): TagMethods {
  const { engine } = scope
  const { graph } = engine.follower
  const { makeChange, issueInvalidations } = createIssueInvalidations(scope)

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
    const changeGraph = () => {
      graph[change](child, parent)
      return engine.invalidator.invalidate(records, undefined)
    }
    return makeChange({
      linkChange: { change, child, parent },
      onCommit: changeGraph,
      // A link too many costs misses. One too few would lose invalidations, so an unlink in doubt is not made.
      onDoubt: change === 'link' ? changeGraph : () => undefined,
    })
  }

  const writeTarget = {
    invalidateTags,
    onError: (error: unknown) => engine.recorder.error('wrapWrite', error),
  }

  return {
    async invalidate(tags: TagNames, ...rest: readonly (string | InvalidateOptions | undefined)[]) {
      const more = rest.filter((one) => typeof one === 'string')
      const options = rest.find((one) => typeof one !== 'string')
      return invalidateTags([...toTagNames('invalidate', tags), ...more], options)
    },
    wrapWrite(fn, tags, options) {
      const example = "cache.wrapWrite(rename, ([id]) => ['user:' + id])"
      requireFunction('wrapWrite', fn, example)
      requireSynchronous('wrapWrite, as its second argument,', tags, example)
      checkOptions('wrapWrite', options, transactionOptionTable)
      return wrapWriteFunction(writeTarget, fn, tags, options)
    },
    follow: createFollow(scope, invalidateTags),
    async link(child, parent) {
      checkTag(child)
      checkTag(parent)
      graph.checkLink(child, parent, engine.transactions.deferredLinkChanges())
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
  const { transactions } = engine

  return (source: unknown, tags: (event: never) => TagNames, event?: string) => {
    requireSource(source, event)
    requireSynchronous('follow, as its second argument,', tags, followExample)
    const onError = (error: unknown) => engine.recorder.error('follow', error)
    /** An event reports a fact, so it takes effect at once, even if its context is that of an open transaction. */
    async function handleEvent(item: never): Promise<void> {
      const invalidate = async () => invalidateTags(tags(item))
      // It may have been emitted by that transaction, before the commit: then it takes effect again after it.
      const invalidateAgain = () => invalidate().catch(onError)
      transactions.deferWork({ onCommit: invalidateAgain, onDoubt: invalidateAgain })
      await transactions.runOutside(invalidate)
    }
    const following = transactions.runOutside(() =>
      event === undefined
        ? followIterable(source as AsyncIterable<never>, { handleEvent, onError })
        : followEmitter(source as never, event, { handleEvent, onError }),
    )
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
