import { requireList, toPairs } from '../arguments/check-arguments'
import { resolveRules } from '../compute/rules'
import type { Cache } from '../contracts/cache'
import { tagOfNamespace } from '../entry/reserved-tags'
import type { EntryOptions } from '../options'
import { createIssueInvalidations, invalidationsOf, nothingToApply } from './issue-invalidations'
import type { CacheScope } from './scope'

const noOtherOptions = {}

const setManyExample = 'cache.setMany([[key, value], …]) or cache.setMany(Object.entries({ … }))'

type WriteMethods = Pick<Cache, 'set' | 'setMany' | 'delete' | 'deleteMany' | 'clear' | 'touch'>

/** The methods of a cache that write, delete or renew entries by key. */
export function createWriteMethods(scope: CacheScope): WriteMethods {
  const { engine, path, scopeTags, keyOf } = scope
  const { makeChange, issueInvalidations } = createIssueInvalidations(scope)

  async function writeAll(
    caller: string,
    pairs: readonly (readonly [key: unknown, value: unknown])[],
    options: EntryOptions<never> | undefined,
  ) {
    engine.checkOpen()
    const values = pairs.map(([key, value]) => [keyOf(key as string), value] as const)
    const rules = resolveRules(caller, options, engine.rules, noOtherOptions)
    if (values.length === 0) return nothingToApply
    const keys = values.map(([key]) => key)
    // A value whose options fail is refused before it ends the old one.
    const prepared = engine.writer.prepareValues(values, rules, scopeTags)
    return makeChange({
      onCommit: () => engine.writer.writeValues(prepared, rules),
      // The values may never have been committed.
      onDoubt: () => engine.invalidator.invalidate(invalidationsOf('key', keys, undefined), undefined),
    })
  }

  return {
    set: async (key, value, options) => writeAll('set', [[key, value]], options as EntryOptions<never>),
    setMany: async (entries, options) =>
      writeAll('setMany', toPairs('setMany', entries, setManyExample), options as EntryOptions<never>),
    delete: async (key, options) =>
      issueInvalidations('delete', invalidationsOf('key', [keyOf(key)], options), options),
    async deleteMany(keys, options) {
      requireList('deleteMany', keys, "cache.deleteMany(['a', 'b'])")
      return issueInvalidations('deleteMany', invalidationsOf('key', keys.map(keyOf), options), options)
    },
    async clear(options) {
      if (path !== '')
        return issueInvalidations('clear', invalidationsOf('tag', [tagOfNamespace(path)], options), options)
      return issueInvalidations('clear', [{ scope: 'all', mode: options?.mode ?? 'hard', name: '' }], options)
    },
    async touch(key, ttl) {
      engine.checkOpen()
      return engine.writer.touchEntry(keyOf(key), ttl)
    },
  }
}
