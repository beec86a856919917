import type { Cache, Invalidated } from '../contracts/cache'
import { checkTag } from '../entry/key'
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

  async function invalidateTags(tags: string | readonly string[], options?: InvalidateOptions) {
    const names = typeof tags === 'string' ? [tags] : tags
    for (const tag of names) checkTag(tag)
    return issueInvalidations(invalidationsOf('tag', names, options), options)
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
