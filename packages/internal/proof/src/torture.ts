import { parseArgs } from 'node:util'
import { formatCount, formatTable, startProgress } from '@larder/report'
import { checkHistoryFile } from './torture/check-history-file'
import { appendHistory } from './torture/history-file'
import { runTorture, type TortureResult } from './torture/run-torture'
import { type TopologyName, topologyNames } from './torture/topologies'

const usage = `npm run torture -- [--seconds N] [--reads N] [--invalidations N] [--topology NAME]... [--seed S] [--history FILE]
npm run torture -- --check FILE

  --seconds N      how long faults are injected into each topology (60)
  --reads N        continues after that until as many reads have begun (0)
  --invalidations N
                   continues after that until there were as many invalidations (0)
  --topology NAME  ${topologyNames.join(', ')} (each of these, one after the other)
  --seed S         seed of the faults and their times (1)
  --busy N         processes beside it that keep a core busy each (0)
  --history FILE   appends everything that happened to a file
  --check FILE     checks the reads in such a file, by a checker that shares no code with the first
  --forgetful      skips some invalidations, which must be detected
`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    reads: { type: 'string', default: '0' },
    invalidations: { type: 'string', default: '0' },
    topology: { type: 'string', multiple: true, default: [...topologyNames] },
    seed: { type: 'string', default: '1' },
    busy: { type: 'string', default: '0' },
    history: { type: 'string' },
    check: { type: 'string' },
    forgetful: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, seed, busy] = [Number(values.seconds), Number(values.seed), Number(values.busy)]
const least = { reads: Number(values.reads), invalidations: Number(values.invalidations) }
const isKnown = values.topology.every((name) => topologyNames.includes(name as TopologyName))

if (
  values.help ||
  !isKnown ||
  !(seconds > 0) ||
  !(least.reads >= 0) ||
  !(least.invalidations >= 0) ||
  !Number.isInteger(busy) ||
  !Number.isInteger(seed)
) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

async function torture(): Promise<boolean> {
  const results: TortureResult[] = []
  for (const topology of values.topology as TopologyName[]) {
    const progress = startProgress(`${topology}, ${seconds} s`)
    const onProgress = progress.update
    const options = { topology, seconds, least, seed, busy, isForgetful: values.forgetful, onProgress }
    const result = await runTorture(options)
    results.push(result)
    progress.clear()
    if (values.history !== undefined) appendHistory(values.history, { topology }, result.history)
  }
  printResults(results)
  return results.every(({ violations }) => violations.length === 0)
}

function printResults(results: readonly TortureResult[]): void {
  const rows = results.map(({ topology, history, violations, ...result }) => [
    topology,
    formatCount(history.reads.length),
    formatCount(history.writes.length),
    formatCount(history.writes.filter(({ outcome }) => outcome === 'queued').length),
    formatCount(history.faults.filter(({ event }) => event !== 'healed').length),
    `${formatCount(result.maxStalenessSeen)} ms`,
    `${formatCount(result.longestRead)} ms`,
    `${formatCount(result.longestHealthyRead)} ms`,
    formatCount(violations.length),
  ])
  const measures = ['oldest read', 'longest read', 'longest while healthy', 'violations']
  console.log(formatTable(['topology', 'reads', 'invalidations', 'queued', 'faults', ...measures], rows))
  for (const { topology, history, violations } of results) {
    for (const { message } of violations.slice(0, 5)) console.log(`\n${topology}: ${message}`)
    if (violations.length > 0)
      for (const { time, event } of history.faults) console.log(`  ${formatCount(time)} ms: ${event}`)
  }
}

async function checkFile(path: string): Promise<boolean> {
  const runs = await checkHistoryFile(path)
  const rows = runs.map(({ topology, reads, violations }) => [
    topology,
    formatCount(reads),
    formatCount(violations.length),
  ])
  console.log(formatTable(['topology', 'reads', 'violations'], rows))
  for (const { topology, violations } of runs)
    for (const message of violations.slice(0, 5)) console.log(`\n${topology}: ${message}`)
  return runs.length > 0 && runs.every(({ violations }) => violations.length === 0)
}

const holds = await (values.check === undefined ? torture() : checkFile(values.check))
process.exit(holds ? 0 : 1)
