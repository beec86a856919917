import { appliedTokenOf } from '../applied-token'
import type { Command } from '../command'
import { requireConfirmable, requireConfirmation } from '../confirmation'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { selectNamespace, withCache } from '../with-cache'

export const clear: Command = {
  name: 'clear',
  description: 'Invalidate every entry of the cache, or of a namespace, in every process',
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: {
    yes: { type: 'boolean', description: 'do not ask for confirmation' },
    soft: { type: 'boolean', description: 'allow stale values to be served while new ones are computed' },
    ...namespaceOption,
  },
  examples: ['larder clear --name shop', 'larder clear --name shop --namespace users --yes'],
  async run(context) {
    const { args, name } = context
    requireConfirmable(context, 'clear')
    const namespace = args.getList('namespace')
    return withCache(context, async ({ cache, server }) => {
      const target = namespace.length === 0 ? `"${name}"` : `namespace ${namespace.join(' > ')} of "${name}"`
      await requireConfirmation(context, {
        consequence: `This invalidates every entry of ${target} at ${server.address}.`,
        request: 'Type the name of the cache to confirm',
        answer: name,
      })
      const mode = args.hasFlag('soft') ? 'soft' : 'hard'
      const token = appliedTokenOf([await selectNamespace(cache, namespace).clear({ mode })])
      await printResult(context, { outcome: 'applied', mode, name, namespace, token }, () => [
        `Cleared ${target}.`,
        `Token: ${token}`,
      ])
      return 0
    })
  },
}
