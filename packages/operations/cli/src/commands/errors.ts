import { adminOption, readAdminResource } from '../admin-client'
import type { Command } from '../command'
import { printResult } from '../print-result'
import { alignColumns } from '../text/align-columns'
import { formatDuration, formatInteger } from '../text/amounts'
import { highlightHeading, type Line } from '../text/line'

/** The answer of `GET /errors`. */
interface ErrorReport {
  readonly errors: readonly ErrorGroup[]
}

/** Failures of one operation with the same message. */
interface ErrorGroup {
  readonly operation: string
  readonly message: string
  readonly code?: string
  readonly count: number
  readonly firstAt: string
  readonly lastAt: string
}

export const errors: Command = {
  name: 'errors',
  description: 'List the last errors of a running process, grouped, from its admin API',
  target: 'service',
  operands: '',
  operandCount: [0, 0],
  options: adminOption,
  examples: [
    'larder errors --admin https://app.example/larder',
    'larder errors --admin http://localhost:3000/larder --json',
  ],
  async run(context) {
    const report = await readAdminResource<ErrorReport>(context, 'errors')
    await printResult(context, report, () => formatErrors(report.errors, context.clock.now()))
    return 0
  },
}

function formatErrors(groups: readonly ErrorGroup[], now: number): Line[] {
  if (groups.length === 0) return ['No errors since the process started.']
  const since = (time: string) => `${formatDuration(Math.max(0, now - Date.parse(time)))} ago`
  return highlightHeading(
    alignColumns([
      ['last', 'first', 'count', 'operation', 'error'],
      ...groups.map(({ lastAt, firstAt, count, operation, code, message }) => [
        since(lastAt),
        since(firstAt),
        formatInteger(count),
        operation,
        code === undefined || message.includes(code) ? message : `${code}: ${message}`,
      ]),
    ]),
  )
}
