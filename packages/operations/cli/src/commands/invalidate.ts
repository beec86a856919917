import type { Cache, Invalidated } from '@larder/core'
import { appliedTokenOf } from '../applied-token'
import type { Command, CommandContext } from '../command'
import { requireConfirmable, requireConfirmation } from '../confirmation'
import { UsageError } from '../errors'
import { findMatchingKeys } from '../matching-keys'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { formatCount } from '../text/amounts'
import { selectNamespace, withCache } from '../with-cache'

/** Keys that the question names, of those that match. */
const maxExamples = 3

export const invalidate: Command = {
  name: 'invalidate',
  description:
    'Invalidate every entry with one of the tags, single keys, or keys by pattern, in every process',
  target: 'cache',
  operands: 'TAG…',
  operandCount: [0, Number.POSITIVE_INFINITY],
  options: {
    key: {
      type: 'string',
      multiple: true,
      placeholder: 'KEY',
      description: 'invalidate this key; repeat it for more keys',
    },
    pattern: {
      type: 'string',
      placeholder: "'user:*'",
      description: 'invalidate the keys that match, once their number is confirmed',
    },
    yes: { type: 'boolean', description: 'do not ask for confirmation' },
    soft: { type: 'boolean', description: 'allow stale values to be served while new ones are computed' },
    ...namespaceOption,
  },
  examples: [
    'larder invalidate --name shop product:42',
    'larder invalidate --name shop --key cart:7 --soft',
    "larder invalidate --name shop --pattern 'user:*'",
  ],
  async run(context) {
    const { args } = context
    const tags = args.operands
    const pattern = args.getText('pattern')
    const mode = args.hasFlag('soft') ? 'soft' : 'hard'
    if (tags.length === 0 && args.getList('key').length === 0 && pattern === undefined)
      throw new UsageError(
        'No tag or key given. Write: larder invalidate TAG, or larder invalidate --key KEY',
      )
    if (pattern !== undefined) requireConfirmable(context, `invalidate --pattern ${quoteForShell(pattern)}`)
    return withCache(context, async ({ cache }) => {
      const scope = selectNamespace(cache, args.getList('namespace'))
      const matches = pattern === undefined ? [] : await confirmMatches(context, scope, pattern)
      const keys = [...args.getList('key'), ...matches]
      const results: Invalidated[] = []
      if (tags.length > 0) results.push(await cache.invalidate(tags, { mode }))
      if (keys.length > 0) results.push(await scope.deleteMany(keys, { mode }))
      const token = results.length > 0 ? appliedTokenOf(results) : undefined
      await printResult(context, { outcome: 'applied', mode, tags, keys, token }, () =>
        token === undefined
          ? [`No key matches ${pattern}, so nothing was invalidated.`]
          : [`Invalidated: ${listTargets(context, matches.length)}.`, `Token: ${token}`],
      )
      return 0
    })
  },
}

/** The keys that match, after their number is confirmed. @throws CommandError if it is not. */
async function confirmMatches(context: CommandContext, scope: Cache, pattern: string): Promise<string[]> {
  const matches = await findMatchingKeys(scope, pattern)
  if (matches.length === 0) return matches
  const examples = matches.slice(0, maxExamples)
  const listed = examples.join(', ') + (matches.length > maxExamples ? ', …' : '')
  await requireConfirmation(context, {
    consequence: `This invalidates ${formatCount(matches.length, 'key')} (${listed}).`,
    request: 'Type yes to confirm',
    answer: 'yes',
  })
  return matches
}

function listTargets({ args }: CommandContext, matchCount: number): string {
  const pattern = args.getText('pattern')
  return [
    ...args.operands,
    ...args.getList('key').map((key) => `key ${key}`),
    ...(matchCount > 0
      ? [`${formatCount(matchCount, 'key that matches', 'keys that match')} ${pattern}`]
      : []),
  ].join(', ')
}

/** A shell would replace a pattern by the names of files that match. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
