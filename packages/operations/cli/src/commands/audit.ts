import type { AuditReport } from '@larder/core'
import { adminOption, askAdmin } from '../admin-client'
import { runAdminJob } from '../admin-job'
import type { Command, CommandContext } from '../command'
import { requireConfirmable, requireConfirmation } from '../confirmation'
import { UsageError } from '../errors'
import { printResult } from '../print-result'
import { alignColumns } from '../text/align-columns'
import { formatDuration, formatInteger } from '../text/amounts'
import { highlightHeading, type Line } from '../text/line'

export const audit: Command = {
  name: 'audit',
  description:
    'Compare a sample of the entries with their source, in a running process; exit code 1 if some differ',
  target: 'service',
  operands: '[NAME]',
  operandCount: [0, 1],
  options: {
    ...adminOption,
    sample: {
      type: 'string',
      placeholder: 'COUNT',
      description: 'entries to compare, drawn at random; default: as the application says, or 100',
    },
    repair: {
      type: 'boolean',
      description: 'once the number of those that differ is confirmed, compare again and delete what differs',
    },
    yes: { type: 'boolean', description: 'do not ask for confirmation' },
  },
  examples: ['larder audit prices', 'larder audit prices --sample 1000 --repair'],
  async run(context) {
    const { args } = context
    const mayRepair = args.hasFlag('repair')
    if (mayRepair) requireConfirmable(context, 'audit --repair')
    const name = args.operands[0] ?? (await findOnlyAudit(context))
    const found = await runAudit(context, name, false)
    const isRepaired = mayRepair && found.different.length > 0
    if (isRepaired) await confirmRepair(context, found)
    const report = isRepaired ? await runAudit(context, name, true) : found
    await printResult(context, { name, ...report, repair: isRepaired }, () =>
      formatReport(name, report, isRepaired),
    )
    return report.different.length === 0 || isRepaired ? 0 : 1
  },
}

/** The only audit that the application offers. @throws UsageError that lists them, if there are several, or none. */
async function findOnlyAudit(context: CommandContext): Promise<string> {
  const { names } = await askAdmin<{ readonly names: readonly string[] }>(context, {
    path: 'audit',
    field: 'names',
  })
  const [first, ...others] = names
  if (first !== undefined && others.length === 0) return first
  throw new UsageError(
    first === undefined
      ? 'The application offers no audit. Write: adminHandler({ audits: { … } })'
      : `There are several audits: ${names.join(', ')}. Write: larder audit ${first}`,
  )
}

function runAudit(context: CommandContext, name: string, repair: boolean): Promise<AuditReport> {
  const { args } = context
  const sample = args.getText('sample') === undefined ? {} : { sample: args.getCount('sample', 100) }
  return runAdminJob(context, { path: 'audit', runs: 'audits', body: { name, ...sample, repair } })
}

async function confirmRepair(context: CommandContext, { compared, different }: AuditReport): Promise<void> {
  const differing = `${formatInteger(different.length)} of ${formatInteger(compared)}`
  await requireConfirmation(context, {
    consequence: `${differing} entries differ from their source. A sample is compared again, and what differs is deleted.`,
    request: 'Type yes to confirm',
    answer: 'yes',
  })
}

function formatReport(name: string, report: AuditReport, isRepaired: boolean): Line[] {
  const { compared, different, passed, failed, duration } = report
  const summary = [
    `${name}: ${formatInteger(different.length)} of ${formatInteger(compared)} entries differ from their source`,
    ...(isRepaired ? [' and are deleted'] : []),
    `; ${formatDuration(duration)}.`,
  ].join('')
  return [
    { text: summary, colour: different.length === 0 ? 'green' : 'red' },
    ...(passed > 0 ? [`${formatInteger(passed)} were replaced before they could be compared.`] : []),
    ...(failed > 0 ? [`The source failed for ${formatInteger(failed)}.`] : []),
    ...(different.length > 0 ? ['', ...formatFindings(different)] : []),
  ]
}

function formatFindings(different: AuditReport['different']): Line[] {
  const rows = different.map(({ key, age, tags }) => [key, `${formatDuration(age)} ago`, tags.join(', ')])
  return highlightHeading(alignColumns([['key', 'computed', 'tags'], ...rows]))
}
