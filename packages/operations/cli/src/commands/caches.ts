import { findCacheNames } from '../cache-names'
import type { Command } from '../command'
import { printResult } from '../print-result'

export const caches: Command = {
  name: 'caches',
  description: 'List the caches on the server',
  target: 'server',
  operands: '',
  operandCount: [0, 0],
  options: {},
  examples: ['larder caches', 'larder caches --prefix staging --json'],
  async run(context) {
    const server = await context.connect()
    try {
      const names = await findCacheNames(server, context.prefix)
      await printResult(context, { caches: names }, () =>
        names.length > 0 ? names : [`No cache uses this server with the prefix ${context.prefix}.`],
      )
      return 0
    } finally {
      server.close()
    }
  },
}
