import { refusedWithoutComputation, resolveRules } from '../compute/rules'
import { warnOfSeconds } from '../compute/warn-of-seconds'
import type { Cache } from '../contracts/cache'
import { readOptionTable } from './option-tables'
import type { CacheScope } from './scope'

/** `cache.begin`. */
export function createBegin({ engine, keyOf, scopeTags, counts }: CacheScope): Cache['begin'] {
  return async (key, options) => {
    const request = {
      key: keyOf(key),
      rules: resolveRules(
        'begin',
        options as never,
        engine.rules,
        readOptionTable,
        refusedWithoutComputation,
      ),
      scopeTags,
      counts,
    }
    warnOfSeconds('begin', options, engine.recorder)
    return engine.begin(request, options) as never
  }
}
