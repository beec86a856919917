import type { Command, CommandContext } from '../command'
import type { Finding, Status } from '../doctor/finding'
import { runChecks } from '../doctor/run-checks'
import { CommandError } from '../errors'
import { chooseOnlyCache } from '../only-cache'
import { printResult } from '../print-result'
import { alignColumns } from '../text/align-columns'
import { formatCount } from '../text/amounts'
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
  target: 'server',
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
  const { clock, prefix, args } = context
  try {
    const server = await context.connect()
    try {
      const name = context.name || ((await chooseOnlyCache(server, prefix)) ?? '')
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
  const groups = groupNodes(findings)
  const rows = alignColumns(groups.map((group) => [group[0].status, checkLabel(group), foundOn(group)]))
  const lines = groups.flatMap(([{ status, advice }], index): Line[] => [
    { text: rows[index] ?? '', colour: colours[status], length: status.length },
    ...(advice ? [`         -> ${advice}`] : []),
  ])
  return [...lines, '', summarizeStatuses(findings)]
}

/** Findings of one check that are alike on several primaries of a Cluster. */
type Group = readonly [Finding, ...Finding[]]

/** Those that are ok are alike, and those with the same text. */
function groupNodes(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>()
  for (const finding of findings) {
    const { check, status, found, advice } = finding
    const id = JSON.stringify([check, status, status === 'ok' ? '' : [found, advice]])
    const [first, ...others] = groups.get(id) ?? []
    groups.set(id, first === undefined ? [finding] : [first, ...others, finding])
  }
  return [...groups.values()]
}

function checkLabel([{ check, node }, ...others]: Group): string {
  if (others.length > 0) return `${check} (${1 + others.length} primaries)`
  return node === undefined ? check : `${check} ${node}`
}

function foundOn([{ found, node }, ...others]: Group): string {
  return others.every((other) => other.found === found) ? found : `${found} on ${node}, the others alike`
}

function summarizeStatuses(findings: readonly Finding[]): string {
  const countOf = (status: Status) => findings.filter((finding) => finding.status === status).length
  return `${countOf('ok')} ok, ${formatCount(countOf('warn'), 'warning')}, ${countOf('fail')} failed, ${countOf('unknown')} unknown.`
}
