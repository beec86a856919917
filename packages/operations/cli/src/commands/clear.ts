import type { Command, Context } from '../command'
import { Failure, UsageError } from '../errors'
import { scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'
import { printable } from '../text/printable'
import { tokenOf } from './invalidate'

export const clear: Command = {
  name: 'clear',
  about: 'End everything in the cache, or in a namespace of it, in every process',
  words: '',
  wordCount: [0, 0],
  options: {
    yes: { type: 'boolean', about: 'do not ask' },
    soft: { type: 'boolean', about: 'may still be served as stale while new values are computed' },
    ...namespaceOption,
  },
  examples: ['larder clear --name shop', 'larder clear --name shop --namespace users --yes'],
  async run(context) {
    const { args, name, out } = context
    if (!args.flag('yes') && !out.isInteractive)
      throw new UsageError('Nobody is there to confirm this. Write: larder clear --yes')
    const namespace = args.list('namespace')
    return withCache(context, async ({ cache, server }) => {
      const what = namespace.length === 0 ? `"${name}"` : `namespace ${namespace.join(' > ')} of "${name}"`
      if (!args.flag('yes')) await confirm(context, `everything in ${what} at ${server.address}`)
      const mode = args.flag('soft') ? 'soft' : 'hard'
      const token = tokenOf([await scopeOf(cache, namespace).clear({ mode })])
      await print(context, { outcome: 'applied', mode, name, namespace, token }, () => [
        `Cleared ${what}.`,
        `Token: ${token}`,
      ])
      return 0
    })
  },
}

/** @throws Failure if anything but the name is typed. */
async function confirm({ out, name }: Context, what: string): Promise<void> {
  const typed = await out.ask(printable(`This ends ${what}. Type the name of the cache to go on: `))
  if (typed.trim() !== name) throw new Failure('That is not the name of the cache: nothing was cleared.')
}
