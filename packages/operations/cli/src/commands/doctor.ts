import type { Command, CommandContext } from '../command'
import type { Finding, Status } from '../doctor/finding'
import { runChecks } from '../doctor/run-checks'
import { CommandError } from '../errors'
import { printResult } from '../print-result'
import { alignColumns } from '../text/align-columns'
import type { Colour, Line } from '../text/line'

const worstFirst: readonly Status[] = ['fail', 'warn', 'unknown', 'ok']
const colours: Readonly<Record<Status, Colour>> = {
  fail: 'red',
  warn: 'yellow',
  unknown: 'yellow',
  ok: 'green',
}

export const doctor: Command = {
  name: 'doctor',
  description: "Check the server's configuration and say what to change; changes nothing itself",
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: {
    user: {
      type: 'string',
      placeholder: 'USER',
      description: 'check the rights of this user instead of your own (Redis 7 or newer)',
    },
  },
  examples: ['larder doctor --name shop', 'larder doctor --name shop --user app --json'],
  async run(context) {
    const findings = await collectFindings(context)
    const status =
      worstFirst.find((candidate) => findings.some((finding) => finding.status === candidate)) ?? 'ok'
    await printResult(context, { status, findings }, () => formatFindings(findings))
    return status === 'fail' ? 1 : 0
  },
}

/** A failure to connect is reported as a finding too, so that `--json` has one shape. */
async function collectFindings(context: CommandContext): Promise<Finding[]> {
  const { clock, name, prefix, args } = context
  try {
    const server = await context.connect()
    try {
      return await runChecks({ server, clock, name, prefix, user: args.getText('user') })
    } finally {
      server.close()
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [{ check: 'connection', status: 'fail', found: error.message }]
  }
}

function formatFindings(findings: readonly Finding[]): Line[] {
  const rows = alignColumns(
    findings.map(({ status, check, node, found }) => [status, checkLabel(check, node), found]),
  )
  const lines = findings.flatMap(({ status, advice }, index): Line[] => [
    { text: rows[index] ?? '', colour: colours[status], length: status.length },
    ...(advice ? [`         -> ${advice}`] : []),
  ])
  return [...lines, '', summarizeStatuses(findings)]
}

function checkLabel(check: string, node: string | undefined): string {
  return node === undefined ? check : `${check} ${node}`
}

function summarizeStatuses(findings: readonly Finding[]): string {
  const countOf = (status: Status) => findings.filter((finding) => finding.status === status).length
  const warnings = countOf('warn')
  return `${countOf('ok')} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${countOf('fail')} failed, ${countOf('unknown')} unknown.`
}
