import type { Invalidated } from '@larder/core'
import { appliedTokenOf } from '../applied-token'
import type { Command } from '../command'
import { UsageError } from '../errors'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { selectNamespace, withCache } from '../with-cache'

export const invalidate: Command = {
  name: 'invalidate',
  description: 'Invalidate every entry with one of the tags, or single keys, in every process',
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
    soft: { type: 'boolean', description: 'allow stale values to be served while new ones are computed' },
    ...namespaceOption,
  },
  examples: ['larder invalidate --name shop product:42', 'larder invalidate --name shop --key cart:7 --soft'],
  async run(context) {
    const { args } = context
    const tags = args.operands
    const keys = args.getList('key')
    const mode = args.hasFlag('soft') ? 'soft' : 'hard'
    if (tags.length === 0 && keys.length === 0)
      throw new UsageError(
        'No tag or key given. Write: larder invalidate TAG, or larder invalidate --key KEY',
      )
    return withCache(context, async ({ cache }) => {
      const scope = selectNamespace(cache, args.getList('namespace'))
      const results: Invalidated[] = []
      if (tags.length > 0) results.push(await cache.invalidate(tags, { mode }))
      if (keys.length > 0) results.push(await scope.deleteMany(keys, { mode }))
      const token = appliedTokenOf(results)
      await printResult(context, { outcome: 'applied', mode, tags, keys, token }, () => [
        `Invalidated: ${[...tags, ...keys.map((key) => `key ${key}`)].join(', ')}.`,
        `Token: ${token}`,
      ])
      return 0
    })
  },
}
