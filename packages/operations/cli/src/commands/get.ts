import { inspect } from 'node:util'
import type { Cache, Explanation } from '@larder/core'
import type { Command } from '../command'
import { scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'
import { duration } from '../text/amounts'
import { columns } from '../text/columns'

export const get: Command = {
  name: 'get',
  about: 'Why a key is a hit, stale or a miss, and its tags; the value where it is asked for',
  words: 'KEY',
  wordCount: [1, 1],
  options: {
    value: { type: 'boolean', about: 'show the value as well, if it is fresh' },
    ...namespaceOption,
  },
  examples: ['larder get --name shop product:42', 'larder get --name shop --namespace users 7 --value'],
  async run(context) {
    const { args } = context
    const [key = ''] = args.words
    return withCache(context, async ({ cache }) => {
      const scope = scopeOf(cache, args.list('namespace'))
      const explanation = await scope.explain(key)
      const found = args.flag('value') ? await servedValue(scope, key, explanation) : undefined
      await print(context, { ...explanation, ...found }, () => [
        ...describe(explanation),
        ...(args.flag('value') ? linesOf(found) : []),
      ])
      return 0
    })
  },
}

/** Undefined where no value would be served. */
async function servedValue(scope: Cache, key: string, { outcome }: Explanation) {
  return outcome === 'hit' ? { value: await scope.get(key) } : undefined
}

function linesOf(found: { readonly value: unknown } | undefined): string[] {
  if (found === undefined) return ['', 'There is no fresh value.']
  return [
    '',
    ...inspect(found.value, { depth: null, maxArrayLength: null, maxStringLength: null }).split('\n'),
  ]
}

function describe({ outcome, reason, tier, age, freshFor, tags, asOf, summary }: Explanation): string[] {
  const rows: [string, string | undefined][] = [
    ['outcome', reason === undefined ? outcome : `${outcome} (${reason})`],
    ['tier', tier],
    ['computed', age === undefined ? undefined : `${duration(age)} ago`],
    ['ttl', freshFor === undefined ? undefined : ttlText(freshFor)],
    ['tags', tags.length === 0 ? undefined : tags.join(', ')],
    ['as of', asOf === undefined ? undefined : `${asOf}, ${new Date(asOf / 1_000).toISOString()}`],
  ]
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return [summary, '', ...columns(known)]
}

function ttlText(ms: number): string {
  if (!Number.isFinite(ms)) return 'has no end'
  return ms >= 0 ? `ends in ${duration(ms)}` : `ended ${duration(-ms)} ago`
}
