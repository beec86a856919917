import { adminOption, readAdminResource } from '../admin-client'
import type { Command, CommandContext } from '../command'
import { printResult } from '../print-result'
import { formatDuration } from '../text/amounts'
import type { Line } from '../text/line'

/** The answer of `GET /advice`. */
interface AdviceReport {
  readonly status: 'ready' | 'waiting' | 'outage'
  readonly elapsed: number
  readonly advice: readonly Advice[]
}

interface Advice {
  readonly id: string
  readonly function?: string
  readonly option: string
  readonly title: string
  readonly evidence: string
  readonly advice: string
  readonly cost?: number
}

export const advise: Command = {
  name: 'advise',
  description: 'Show what would improve the cache, by function, from the admin API of a running process',
  target: 'service',
  operands: '',
  operandCount: [0, 0],
  options: {
    ...adminOption,
    for: {
      type: 'string',
      placeholder: 'DURATION',
      description:
        'let the process observe its reads for this long first, such as 1m: evidence is then complete',
    },
  },
  examples: [
    'larder advise --admin https://app.example/larder',
    'larder advise --admin http://localhost:3000/larder --for 1m --json',
  ],
  async run(context) {
    const report = await readAdvice(context)
    await printResult(context, report, () => formatReport(report))
    return 0
  },
}

/** The process observes keys, sizes and evictions from the first question on. */
async function readAdvice(context: CommandContext): Promise<AdviceReport> {
  const duration = context.args.getDuration('for')
  const first = await readAdminResource<AdviceReport>(context, 'advice')
  if (duration === undefined) return first
  context.terminal.writeHint(`Observing for ${formatDuration(duration)} …`)
  await new Promise<void>((resolve) => void context.clock.timeout(duration, resolve))
  return readAdminResource<AdviceReport>(context, 'advice')
}

function formatReport({ status, elapsed, advice }: AdviceReport): Line[] {
  const observed = formatDuration(elapsed)
  if (status === 'outage') return ['No advice: the store does not respond, so that misses are its fault.']
  if (status === 'waiting')
    return [`No advice yet: a minute is needed, and ${observed} were observed. Ask again, or write --for 1m.`]
  if (advice.length === 0) return [`No advice: nothing in the latest ${observed} calls for a change.`]
  return [`Observed for ${observed}; what costs most comes first.`, ...advice.flatMap(formatAdvice)]
}

function formatAdvice({ id, option, title, evidence, advice, cost }: Advice): Line[] {
  const waited = cost === undefined ? '' : ` Callers waited ${formatDuration(cost)}.`
  return [
    '',
    { text: `${id}: ${title}`, colour: 'bold' },
    `  ${evidence}${waited}`,
    `  ${option} -> ${advice}`,
  ]
}
