import type { Command, Context } from '../command'
import { examine } from '../doctor/examine'
import type { Finding, Status } from '../doctor/finding'
import { Failure } from '../errors'
import { print } from '../print'
import { columns } from '../text/columns'

const worstFirst: readonly Status[] = ['fail', 'warn', 'unknown', 'ok']

export const doctor: Command = {
  name: 'doctor',
  about: "Checks the server's configuration and says what to change; changes nothing",
  words: '',
  wordCount: [0, 0],
  options: {
    user: {
      type: 'string',
      value: 'USER',
      about: 'check the rights of this user instead of your own (Redis 7)',
    },
  },
  examples: ['larder doctor --name shop', 'larder doctor --name shop --user app --json'],
  async run(context) {
    const findings = await findingsFor(context)
    const status =
      worstFirst.find((candidate) => findings.some((found) => found.status === candidate)) ?? 'ok'
    await print(context, { status, findings }, () => describe(findings))
    return status === 'fail' ? 1 : 0
  },
}

/** A server that cannot be reached is a finding as well. */
async function findingsFor(context: Context): Promise<Finding[]> {
  const { clock, name, prefix, args } = context
  try {
    const server = await context.connect()
    try {
      return await examine({ server, clock, name, prefix, user: args.text('user') })
    } finally {
      server.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ check: 'connection', status: 'fail', found: error.message }]
  }
}

function describe(findings: readonly Finding[]): string[] {
  const lines = columns(
    findings.map(({ status, check, node, found }) => [status, checkOn(check, node), found]),
  )
  const advised = findings.flatMap(({ advice }, at) => [
    lines[at] ?? '',
    ...(advice ? [`         -> ${advice}`] : []),
  ])
  return [...advised, '', countsOf(findings)]
}

function checkOn(check: string, node: string | undefined): string {
  return node === undefined ? check : `${check} ${node}`
}

function countsOf(findings: readonly Finding[]): string {
  const count = (wanted: Status) => findings.filter(({ status }) => status === wanted).length
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed, ${count('unknown')} unknown.`
}
