import { requireList, requireValue, toPairs } from '../arguments/check-arguments'
import { refusedWithoutComputation, resolveRules } from '../compute/rules'
import { warnOfSeconds } from '../compute/warn-of-seconds'
import type { Cache } from '../contracts/cache'
import type { Engine } from '../engine'
import { tagOfNamespace } from '../entry/reserved-tags'
import { isThenable } from '../maybe-promise'
import type { EntryOptions } from '../options'
import { mapInSlices } from '../slices'
import { createIssueInvalidations, invalidationsOf, nothingToApply } from './issue-invalidations'
import type { CacheScope } from './scope'

const noOtherOptions = {}

const pattern = /^\*|:\*:|\*$/

/** Warns, once, of the deletion of a key that is meant as a pattern, if it has no entry here: keys have none, so it ends nothing. */
function warnOfPattern(key: string, qualified: string, { recorder, tiers }: Engine): void {
  if (!pattern.test(key) || tiers.peek(qualified) !== undefined) return
  recorder.warnOnce(
    'pattern',
    `keys have no patterns: delete('${key}') ends one entry. Write cache.invalidate(tag).`,
  )
}

const setManyExample = 'cache.setMany([[key, value], …]) or cache.setMany(Object.entries({ … }))'

type WriteMethods = Pick<Cache, 'set' | 'setMany' | 'delete' | 'deleteMany' | 'clear' | 'touch'>

/** The methods of a cache that write, delete or renew entries by key. */
export function createWriteMethods(scope: CacheScope): WriteMethods {
  const { engine, path, scopeTags, counts, keyOf } = scope
  const { makeChange, issueInvalidations } = createIssueInvalidations(scope)

  async function writeAll(
    caller: string,
    pairs: readonly (readonly [key: unknown, value: unknown])[],
    options: EntryOptions<never> | undefined,
  ) {
    engine.checkOpen()
    const rules = resolveRules(caller, options, engine.rules, noOtherOptions, refusedWithoutComputation)
    if (pairs.length === 0) return nothingToApply
    for (const [, value] of pairs) requireValue(caller, value, 'cache.set(key, await loadValue())')
    // A value whose options fail is refused before any old one ends.
    const preparing = mapInSlices(pairs, ([key, value]) =>
      engine.writer.prepareValue(keyOf(key as string), value, rules, scopeTags),
    )
    const prepared = isThenable(preparing) ? await preparing : preparing
    warnOfSeconds(caller, options, engine.recorder)
    return makeChange({
      onCommit: () => engine.writer.writeValues(prepared, { rules, counts }),
      // The values may never have been committed.
      onDoubt() {
        const keys = prepared.map(({ key }) => key)
        return engine.invalidator.invalidate(invalidationsOf('key', keys, undefined), undefined)
      },
    })
  }

  function keyOfDeleted(key: string): string {
    const qualified = keyOf(key)
    warnOfPattern(key, qualified, engine)
    return qualified
  }

  return {
    set: (key, value, options) => writeAll('set', [[key, value]], options as EntryOptions<never>),
    setMany: async (entries, options) =>
      writeAll('setMany', toPairs('setMany', entries, setManyExample), options as EntryOptions<never>),
    async delete(key, options) {
      return issueInvalidations('delete', invalidationsOf('key', [keyOfDeleted(key)], options), options)
    },
    async deleteMany(keys, options) {
      requireList('deleteMany', keys, "cache.deleteMany(['a', 'b'])")
      const mode = options?.mode ?? 'hard'
      const records = mapInSlices(keys, (key) => ({ scope: 'key', mode, name: keyOfDeleted(key) }) as const)
      return issueInvalidations('deleteMany', isThenable(records) ? await records : records, options)
    },
    async clear(options) {
      if (path !== '')
        return issueInvalidations('clear', invalidationsOf('tag', [tagOfNamespace(path)], options), options)
      return issueInvalidations('clear', [{ scope: 'all', mode: options?.mode ?? 'hard', name: '' }], options)
    },
    async touch(key, ttl) {
      engine.checkOpen()
      warnOfSeconds('touch', { ttl }, engine.recorder)
      return engine.writer.touchEntry({ key: keyOf(key), counts }, ttl)
    },
  }
}
