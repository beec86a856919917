import { parseArgs } from 'node:util'
import { formatCount, formatTable, startProgress } from '@larder/report'
import { runTorture, type TortureResult } from './torture/run-torture'
import { type TopologyName, topologyNames } from './torture/topology'

const usage = `npm run torture -- [--seconds N] [--reads N] [--invalidations N] [--topology NAME]... [--seed S]

  --seconds N      how long faults are injected into each topology (60)
  --reads N        continues after that until as many reads have begun (0)
  --invalidations N
                   continues after that until there were as many invalidations (0)
  --topology NAME  ${topologyNames.join(', ')} (each of these, one after the other)
  --seed S         seed of the faults and their times (1)
  --forgetful      skips some invalidations, which must be detected
`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    reads: { type: 'string', default: '0' },
    invalidations: { type: 'string', default: '0' },
    topology: { type: 'string', multiple: true, default: [...topologyNames] },
    seed: { type: 'string', default: '1' },
    forgetful: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
const least = { reads: Number(values.reads), invalidations: Number(values.invalidations) }
const isKnown = values.topology.every((name) => topologyNames.includes(name as TopologyName))

if (
  values.help ||
  !isKnown ||
  !(seconds > 0) ||
  !(least.reads >= 0) ||
  !(least.invalidations >= 0) ||
  !Number.isInteger(seed)
) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const results: TortureResult[] = []
for (const topology of values.topology as TopologyName[]) {
  const progress = startProgress(`${topology}, ${seconds} s`)
  const onProgress = progress.update
  results.push(
    await runTorture({ topology, seconds, least, seed, isForgetful: values.forgetful, onProgress }),
  )
  progress.clear()
}

const rows = results.map(({ topology, history, maxStalenessSeen, longestRead, violations }) => [
  topology,
  formatCount(history.reads.length),
  formatCount(history.writes.length),
  formatCount(history.writes.filter(({ outcome }) => outcome === 'queued').length),
  formatCount(history.faults.filter(({ event }) => event !== 'healed').length),
  `${formatCount(maxStalenessSeen)} ms`,
  `${formatCount(longestRead)} ms`,
  formatCount(violations.length),
])
console.log(
  formatTable(
    ['topology', 'reads', 'invalidations', 'queued', 'faults', 'oldest read', 'longest call', 'violations'],
    rows,
  ),
)
for (const { topology, history, violations } of results) {
  for (const { message } of violations.slice(0, 5)) console.log(`\n${topology}: ${message}`)
  if (violations.length > 0)
    for (const { time, event } of history.faults) console.log(`  ${formatCount(time)} ms: ${event}`)
}
process.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0)
