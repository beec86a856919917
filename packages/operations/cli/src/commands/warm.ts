import type { WarmReport } from '@larder/core'
import { adminOption } from '../admin-client'
import { runAdminJob } from '../admin-job'
import type { Command } from '../command'
import { UsageError } from '../errors'
import { printResult } from '../print-result'
import { formatCount, formatDuration, formatInteger } from '../text/amounts'
import type { Line } from '../text/line'

/** Calls that the admin API makes for one request. */
const maxCalls = 500

export const warm: Command = {
  name: 'warm',
  description: 'Call a function once for each ARG, or run a warm-up, in a running process',
  target: 'service',
  operands: 'NAME [ARG…]',
  operandCount: [1, Number.POSITIVE_INFINITY],
  options: adminOption,
  examples: [
    'larder warm product 42 43',
    `larder warm price '["EUR", 7]' '["USD", 7]'`,
    'larder warm bestsellers',
  ],
  async run(context) {
    const [name = '', ...calls] = context.args.operands
    if (calls.length > maxCalls)
      throw new UsageError(`${calls.length} calls are too many. Write: at most ${maxCalls} at a time`)
    const body = calls.length === 0 ? { name } : { function: name, arguments: calls.map(parseCall) }
    const report = await runAdminJob<WarmReport>(context, { path: 'warm', runs: 'warmUps', body })
    await printResult(context, report, () => formatReport(name, report))
    return hasFailed(report) ? 1 : 0
  },
}

/** The arguments of a call: a list as JSON, or its only argument, as JSON or else as text. */
function parseCall(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch {
    return [text]
  }
}

const hasFailed = ({ failed, wasStopped }: WarmReport) => failed > 0 || wasStopped

function formatReport(name: string, report: WarmReport): Line[] {
  const { done, failed, failures, duration } = report
  const counts = `${formatCount(done, 'value')} computed, ${formatInteger(failed)} failed`
  return [
    {
      text: `${name}: ${counts}; ${formatDuration(duration)}.`,
      colour: hasFailed(report) ? 'red' : 'green',
    },
    ...failures.map((failure) => `  ${failure}`),
  ]
}
