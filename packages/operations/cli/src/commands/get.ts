import { inspect } from 'node:util'
import type { Cache, Explanation } from '@larder/core'
import { redisStore } from '@larder/redis'
import type { Command } from '../command'
import { headerStore } from '../header-store'
import { withNarrowLog } from '../narrow-log-store'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { alignColumns } from '../text/align-columns'
import { formatDuration } from '../text/amounts'
import type { Line } from '../text/line'
import { type OpenCache, selectNamespace, withCache } from '../with-cache'

export const get: Command = {
  name: 'get',
  description: 'Explain why a key is a hit, stale or a miss; with --value, print its value',
  target: 'cache',
  operands: 'KEY',
  operandCount: [1, 1],
  options: {
    value: { type: 'boolean', description: 'also print the value, if it is fresh' },
    ...namespaceOption,
  },
  examples: ['larder get --name shop product:42', 'larder get --name shop --namespace users 7 --value'],
  async run(context) {
    const { args } = context
    const [key = ''] = args.operands
    const work = async ({ cache }: OpenCache) => {
      const scope = selectNamespace(cache, args.getList('namespace'))
      const explanation = await scope.explain(key)
      const found = args.hasFlag('value') ? await readFreshValue(scope, key, explanation) : undefined
      await printResult(context, { ...explanation, ...found }, () => [
        ...formatExplanation(explanation),
        ...(args.hasFlag('value') ? formatValue(found) : []),
      ])
      return 0
    }
    return withCache(context, work, withNarrowLog(args.hasFlag('value') ? redisStore : headerStore))
  },
}

async function readFreshValue(scope: Cache, key: string, { outcome }: Explanation) {
  return outcome === 'hit' ? { value: await scope.get(key) } : undefined
}

function formatValue(found: { readonly value: unknown } | undefined): string[] {
  if (found === undefined) return ['', 'There is no fresh value.']
  return [
    '',
    ...inspect(found.value, { depth: null, maxArrayLength: null, maxStringLength: null }).split('\n'),
  ]
}

function formatExplanation(explanation: Explanation): Line[] {
  const { outcome, reason, tier, age, freshFor, tags, asOf, summary } = explanation
  const rows: [string, string | undefined][] = [
    ['outcome', reason === undefined ? outcome : `${outcome} (${reason})`],
    ['tier', tier],
    ['computed', age === undefined ? undefined : `${formatDuration(age)} ago`],
    ['ttl', freshFor === undefined ? undefined : formatTtl(freshFor)],
    ['tags', tags.length === 0 ? undefined : tags.join(', ')],
    ['as of', asOf === undefined ? undefined : `${asOf}, ${new Date(asOf / 1_000).toISOString()}`],
  ]
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return [{ text: summary, colour: outcome === 'hit' ? 'green' : 'yellow' }, '', ...alignColumns(known)]
}

function formatTtl(ms: number): string {
  if (!Number.isFinite(ms)) return 'never expires'
  return ms >= 0 ? `expires in ${formatDuration(ms)}` : `expired ${formatDuration(-ms)} ago`
}
