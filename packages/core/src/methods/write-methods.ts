import { resolveRules } from '../compute/rules'
import type { Cache } from '../contracts/cache'
import { tagOfNamespace } from '../entry/reserved-tags'
import type { EntryOptions } from '../options'
import { createIssueInvalidations, invalidationsOf, notAppended } from './issue-invalidations'
import type { CacheScope } from './scope'

type WriteMethods = Pick<Cache, 'set' | 'setMany' | 'delete' | 'deleteMany' | 'clear' | 'touch'>

/** The methods of a cache that write, delete or renew entries by key. */
export function createWriteMethods(scope: CacheScope): WriteMethods {
  const { engine, path, scopeTags, keyOf } = scope
  const { commit, issueInvalidations } = createIssueInvalidations(scope)

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
    delete: async (key, options) =>
      issueInvalidations(invalidationsOf('key', [keyOf(key)], options), options),
    deleteMany: async (keys, options) =>
      issueInvalidations(invalidationsOf('key', keys.map(keyOf), options), options),
    clear(options) {
      if (path !== '')
        return issueInvalidations(invalidationsOf('tag', [tagOfNamespace(path)], options), options)
      return issueInvalidations([{ scope: 'all', mode: options?.mode ?? 'hard', name: '' }], options)
    },
    async touch(key, ttl) {
      engine.checkOpen()
      return engine.writer.touchEntry(keyOf(key), ttl)
    },
  }
}
