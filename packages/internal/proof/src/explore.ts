import { parseArgs } from 'node:util'
import { formatCount, formatTable, startProgress } from '@larder/report'
import { exploredFaults, type FaultName, parseSchedule, runSchedule } from '@larder/testing'
import { exploreOnWorkers } from './exploration/explore-on-workers'

const usage = `npm run explore -- [--bound N] [--fault NAME]...
npm run explore -- --replay SCHEDULE

  --bound N     late messages and steps per run (1); each further one takes about a hundred times as long
  --fault NAME  none, or some of ${exploredFaults.join(', ')} (all of these)
  --replay      runs one schedule, as the exploration prints it
`

const { values } = parseArgs({
  options: {
    bound: { type: 'string', default: '1' },
    fault: { type: 'string', multiple: true, default: [...exploredFaults] },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const bound = Number(values.bound)
const faults = values.fault.filter((name) => name !== 'none') as FaultName[]
const isKnown = faults.every((name) => exploredFaults.includes(name))

if (values.help || !isKnown || !Number.isInteger(bound) || bound < 0) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

async function replaySchedule(text: string): Promise<number> {
  const { asked, violations } = await runSchedule(parseSchedule(text))
  console.log(`${asked.length} choices, ${violations.length} violations`)
  for (const violation of violations) console.log(violation)
  return violations.length
}

async function exploreAll(): Promise<number> {
  const started = performance.now()
  const progress = startProgress(`all schedules with ${bound} late messages or steps`)
  const found = await exploreOnWorkers({ faults, bound, onProgress: progress.update })
  progress.clear()
  const total = found.reduce((sum, { schedules }) => sum + schedules, 0)
  const failed = found.flatMap((exploration) => exploration.failed)
  const rows = found.map(({ fault, schedules, failed: ofFault }) => [
    fault,
    formatCount(schedules),
    formatCount(ofFault.length),
  ])
  console.log(
    formatTable(
      ['fault', 'schedules', 'violations'],
      [...rows, ['together', formatCount(total), formatCount(failed.length)]],
    ),
  )
  console.log(`\n${((performance.now() - started) / 1_000).toFixed(1)} s`)
  for (const { schedule, violation } of failed.slice(0, 20))
    console.log(`${violation}\n  npm run explore -- --replay ${schedule}`)
  return failed.length
}

const violations = values.replay === undefined ? await exploreAll() : await replaySchedule(values.replay)
process.exitCode = violations > 0 ? 1 : 0
