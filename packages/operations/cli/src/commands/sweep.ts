import { adminOption } from '../admin-client'
import { runAdminJob } from '../admin-job'
import type { Command } from '../command'
import { printResult } from '../print-result'
import { formatCount, formatDuration } from '../text/amounts'

/** The report of a sweep. */
interface SweepReport {
  readonly removed: number
  readonly duration: number
}

export const sweep: Command = {
  name: 'sweep',
  description: 'Remove the entries that can never be served again, in a running process; no read changes',
  target: 'service',
  operands: '',
  operandCount: [0, 0],
  options: adminOption,
  examples: ['larder sweep --admin https://app.example/larder', 'larder sweep --json'],
  async run(context) {
    const report = await runAdminJob<SweepReport>(context, { path: 'sweep', runs: 'sweep', body: {} })
    const { removed, duration } = report
    await printResult(context, report, () => [
      `Removed ${formatCount(removed, 'entry', 'entries')} that could not be served again; ${formatDuration(duration)}.`,
    ])
    return 0
  },
}
