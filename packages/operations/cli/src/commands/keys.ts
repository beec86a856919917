import type { Cache } from '@larder/core'
import type { Command, Context } from '../command'
import { UsageError } from '../errors'
import { scopeOf, withCache } from '../open-cache'
import { namespaceOption } from '../options'
import { print } from '../print'
import { keyLine } from '../text/key-line'
import { printable } from '../text/printable'

const keysPerPage = 100
const keysPerPageOfAll = 1_000
/** Pages without a match that are read in search of one. */
const emptyPages = 1_000

export const keys: Command = {
  name: 'keys',
  about: 'Keys of the cache, a page at a time',
  words: '',
  wordCount: [0, 0],
  options: {
    pattern: { type: 'string', value: "'user:*'", about: '* stands for any characters, ? for one' },
    limit: { type: 'string', value: 'COUNT', about: `keys looked at for a page, about (${keysPerPage})` },
    cursor: { type: 'string', value: 'CURSOR', about: 'where the page before ended' },
    all: { type: 'boolean', about: 'page after page until there are no more' },
    ...namespaceOption,
  },
  examples: ["larder keys --name shop --pattern 'product:*'", 'larder keys --name shop --all --json'],
  async run(context) {
    const { args } = context
    if (args.flag('all') && args.text('cursor') !== undefined)
      throw new UsageError('--all begins at the beginning. Write either --all or --cursor')
    const limit = args.count('limit', args.flag('all') ? keysPerPageOfAll : keysPerPage)
    return withCache(context, ({ cache }) =>
      printPages(context, scopeOf(cache, args.list('namespace')), limit),
    )
  },
}

/** One page with keys on it, or all of them. */
async function printPages(context: Context, scope: Cache, limit: number): Promise<number> {
  const { args, out } = context
  const pattern = args.text('pattern')
  let cursor = args.text('cursor')
  let printed = 0
  for (let page = 1; ; page += 1) {
    const read = await scope.keys({ pattern, cursor, limit })
    cursor = read.cursor
    const isLast =
      cursor === undefined || (!args.flag('all') && (read.keys.length > 0 || page === emptyPages))
    // Pages without a match say nothing, unless there is nothing else to say.
    if (read.keys.length > 0 || (isLast && printed === 0))
      await print(context, read, () => read.keys.map(keyLine))
    printed += read.keys.length
    if (isLast) break
  }
  if (cursor !== undefined && !args.flag('json')) out.hint(`There may be more: --cursor ${printable(cursor)}`)
  return 0
}
