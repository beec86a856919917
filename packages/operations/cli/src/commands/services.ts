import type { Command } from '../command'
import { CommandError, UsageError } from '../errors'
import { printResult } from '../print-result'
import { loadOperations, type ServicePackage, toServiceServer } from '../services'
import { alignColumns } from '../text/align-columns'
import { escapeUnprintable } from '../text/printable'

interface ServiceCommand {
  readonly name: string
  readonly description: string
  readonly package: ServicePackage
  /** The kind of subject that an operand selects: `IDENTITY`. */
  readonly subject: string
  readonly examples: readonly string[]
}

/** Shows the state of services of one kind, which their package reads. */
function createServiceCommand({ name, subject, package: packageName, ...texts }: ServiceCommand): Command {
  return {
    ...texts,
    name,
    target: 'server',
    operands: `[${subject}]`,
    operandCount: [0, 1],
    options: {},
    async run(context) {
      const operations = loadOperations(packageName)
      if (operations === undefined)
        throw new CommandError(
          `larder ${name} needs the package of the service. Write: npm install ${packageName}`,
        )
      if (context.name === '') throw new UsageError(`No name given. Write: larder ${name} --name shop`)
      const server = await context.connect()
      try {
        const view = toServiceServer(server, context)
        const { data, table, note } = await operations.inspect(view, context.args.operands[0])
        await printResult(context, data, () => alignColumns(table))
        if (note !== undefined) context.terminal.writeHint(escapeUnprintable(note))
        return 0
      } finally {
        server.close()
      }
    },
  }
}

export const limits = createServiceCommand({
  name: 'limits',
  description: 'Count the identities of each policy of a rate limiter, or show the policies of one identity',
  package: '@larder/rate-limit',
  subject: 'IDENTITY',
  examples: ['larder limits --name shop', 'larder limits user:42 --name shop --json'],
})

export const sessions = createServiceCommand({
  name: 'sessions',
  description: 'Count the active sessions, or list those of one user',
  package: '@larder/sessions',
  subject: 'USER',
  examples: ['larder sessions --name shop', 'larder sessions user:42 --name shop --json'],
})
