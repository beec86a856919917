import type { Cache } from '@larder/core'
import type { Command, CommandContext } from '../command'
import { UsageError } from '../errors'
import { namespaceOption } from '../options'
import { printResult } from '../print-result'
import { formatKey } from '../text/format-key'
import { escapeUnprintable } from '../text/printable'
import { selectNamespace, withCache } from '../with-cache'

const defaultPageSize = 100
const defaultPageSizeOfAll = 1_000
/** Pages without a match that are read before giving up. */
const maxEmptyPages = 1_000

export const keys: Command = {
  name: 'keys',
  description: 'List the keys of the cache, a page at a time',
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: {
    pattern: {
      type: 'string',
      placeholder: "'user:*'",
      description: '* matches any number of characters, ? matches one',
    },
    limit: {
      type: 'string',
      placeholder: 'COUNT',
      description: `approximate number of keys scanned per page; default: ${defaultPageSize}`,
    },
    cursor: { type: 'string', placeholder: 'CURSOR', description: 'continue after the previous page' },
    all: { type: 'boolean', description: 'print all pages' },
    ...namespaceOption,
  },
  examples: ["larder keys --name shop --pattern 'product:*'", 'larder keys --name shop --all --json'],
  async run(context) {
    const { args } = context
    if (args.hasFlag('all') && args.getText('cursor') !== undefined)
      throw new UsageError('--all starts at the first page. Write either --all or --cursor')
    const limit = args.getCount('limit', args.hasFlag('all') ? defaultPageSizeOfAll : defaultPageSize)
    return withCache(context, ({ cache }) =>
      printPages(context, selectNamespace(cache, args.getList('namespace')), limit),
    )
  },
}

/** Prints the first page that has keys, or all pages with `--all`. */
async function printPages(context: CommandContext, scope: Cache, limit: number): Promise<number> {
  const { args, terminal } = context
  const pattern = args.getText('pattern')
  let cursor = args.getText('cursor')
  let printed = 0
  for (let pageCount = 1; ; pageCount += 1) {
    const page = await scope.keys({ pattern, cursor, limit })
    cursor = page.cursor
    const isLast =
      cursor === undefined || (!args.hasFlag('all') && (page.keys.length > 0 || pageCount === maxEmptyPages))
    // An empty page is printed only if it would be the whole output: JSON readers expect at least one line.
    if (page.keys.length > 0 || (isLast && printed === 0))
      await printResult(context, page, () => page.keys.map(formatKey))
    printed += page.keys.length
    if (isLast) break
  }
  if (cursor !== undefined && !args.hasFlag('json'))
    terminal.writeHint(`There may be more keys: --cursor ${escapeUnprintable(cursor)}`)
  return 0
}
