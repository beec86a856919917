import { parseArgs } from 'node:util'
import { startProgress } from '@larder/report'
import { incidentNames } from '@larder/testing'
import { type FaultClass, faultClasses, runCampaign, shortFaultClasses } from './simulation/campaign'
import { describeViolations, formatSummary } from './simulation/summary'

const usage = `npm run simulate -- [--seeds N] [--seed S] [--fault NAME]...

  --seeds N     how many runs (10000)
  --seed S      the first seed (1); the same seed with the same fault gives the same run
  --fault NAME  ${shortFaultClasses.join(', ')} (all of these, in turn)
                ${incidentNames.join(', ')} (incidents of some minutes)
`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    fault: { type: 'string', multiple: true, default: [...shortFaultClasses] },
    help: { type: 'boolean', default: false },
  },
})
const unknown = values.fault.filter((name) => !faultClasses.includes(name as FaultClass))
const [seeds, first] = [Number(values.seeds), Number(values.seed)]

if (values.help || unknown.length > 0 || !Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(first)) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const progress = startProgress(`${seeds} seeds`)
const started = performance.now()
const runs = await runCampaign({
  seeds,
  first,
  classes: values.fault as FaultClass[],
  onProgress: progress.update,
})
progress.clear()
console.log(formatSummary(runs))
console.log(`\n${((performance.now() - started) / 1_000).toFixed(1)} s`)
for (const complaint of describeViolations(runs)) console.log(complaint)
process.exitCode = runs.some(({ violations }) => violations.length > 0) ? 1 : 0
