import type { Invalidated } from '@larder/core'
import type { Command } from '../command'
import { Failure, UsageError } from '../errors'
import { scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'

export const invalidate: Command = {
  name: 'invalidate',
  about: 'End every entry with one of the tags, or single entries by their keys, in every process',
  words: 'TAG…',
  wordCount: [0, Number.POSITIVE_INFINITY],
  options: {
    key: { type: 'string', multiple: true, value: 'KEY', about: 'the entry of this key; again for more' },
    soft: { type: 'boolean', about: 'may still be served as stale while a new value is computed' },
    ...namespaceOption,
  },
  examples: ['larder invalidate --name shop product:42', 'larder invalidate --name shop --key cart:7 --soft'],
  async run(context) {
    const { args } = context
    const keys = args.list('key')
    const mode = args.flag('soft') ? 'soft' : 'hard'
    if (args.words.length === 0 && keys.length === 0)
      throw new UsageError('Invalidate what? Write: larder invalidate TAG, or larder invalidate --key KEY')
    return withCache(context, async ({ cache }) => {
      const scope = scopeOf(cache, args.list('namespace'))
      const done: Invalidated[] = []
      if (args.words.length > 0) done.push(await cache.invalidate(args.words, { mode }))
      if (keys.length > 0) done.push(await scope.deleteMany(keys, { mode }))
      const token = tokenOf(done)
      await print(context, { outcome: 'applied', mode, tags: args.words, keys, token }, () => [
        `Invalidated: ${[...args.words, ...keys.map((key) => `the key ${key}`)].join(', ')}.`,
        `Token: ${token}`,
      ])
      return 0
    })
  },
}

/** Of the last of them. @throws Failure if one has not reached the log: it ends with this process. */
export function tokenOf(done: readonly Invalidated[]): string {
  const token = done.at(-1)?.token
  if (token !== undefined && done.every(({ outcome }) => outcome === 'applied')) return token
  throw new Failure('The log did not answer: it is unknown whether this is in force. Try again.')
}
