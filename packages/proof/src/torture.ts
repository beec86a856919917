import { parseArgs } from 'node:util'
import { startProgress } from './report/progress'
import { count, tableOf } from './report/table'
import { type Torture, torture } from './torture/run'
import { type TopologyName, topologyNames } from './torture/topology'

const usage = `npm run torture -- [--seconds N] [--topology NAME]... [--seed S]

  --seconds N      how long each topology is mistreated (60)
  --topology NAME  ${topologyNames.join(', ')} (all of these, one after the other)
  --seed S         decides which faults strike, and when (1)
  --forgetful      leaves out some invalidations, which must be noticed
`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    topology: { type: 'string', multiple: true, default: [...topologyNames] },
    seed: { type: 'string', default: '1' },
    forgetful: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
const isKnown = values.topology.every((name) => topologyNames.includes(name as TopologyName))

if (values.help || !isKnown || !(seconds > 0) || !Number.isInteger(seed)) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const results: Torture[] = []
for (const topology of values.topology as TopologyName[]) {
  const progress = startProgress(`${topology}, ${seconds} s`)
  const onProgress = progress.update
  results.push(await torture({ topology, seconds, seed, isForgetful: values.forgetful, onProgress }))
  progress.done()
}

const rows = results.map(({ topology, history, maxStalenessSeen, longestRead, violations }) => [
  topology,
  count(history.reads.length),
  count(history.writes.length),
  count(history.writes.filter(({ outcome }) => outcome === 'queued').length),
  count(history.faults.filter(({ what }) => what !== 'mended').length),
  `${count(maxStalenessSeen)} ms`,
  `${count(longestRead)} ms`,
  count(violations.length),
])
console.log(
  tableOf(
    ['topology', 'reads', 'invalidations', 'queued', 'faults', 'oldest read', 'longest call', 'violations'],
    rows,
  ),
)
for (const { topology, history, violations } of results) {
  for (const { message } of violations.slice(0, 5)) console.log(`\n${topology}: ${message}`)
  if (violations.length > 0)
    for (const { at, what } of history.faults) console.log(`  ${count(at)} ms: ${what}`)
}
process.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0)
