import { appliedTokenOf } from '../applied-token'
import type { Command, CommandContext } from '../command'
import { CommandError, UsageError } from '../errors'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { escapeUnprintable } from '../text/printable'
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
    const { args, name, terminal } = context
    if (!args.hasFlag('yes') && !terminal.isInteractive)
      throw new UsageError(
        'Clearing needs a confirmation, and the input is not a terminal. Write: larder clear --yes',
      )
    const namespace = args.getList('namespace')
    return withCache(context, async ({ cache, server }) => {
      const target = namespace.length === 0 ? `"${name}"` : `namespace ${namespace.join(' > ')} of "${name}"`
      if (!args.hasFlag('yes')) await requireConfirmation(context, `${target} at ${server.address}`)
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

/** @throws CommandError unless the name of the cache is typed. */
async function requireConfirmation({ terminal, name }: CommandContext, target: string): Promise<void> {
  const answer = await terminal.askQuestion(
    escapeUnprintable(`This invalidates every entry of ${target}. Type the name of the cache to confirm: `),
  )
  if (answer.trim() !== name)
    throw new CommandError(`The confirmation must be the name of the cache, "${name}". Nothing was cleared.`)
}
