import { parseArgs } from 'node:util'
import { formatCount, formatTable, startProgress } from '@larder/report'
import { runFuzz } from './fuzz/run-fuzz'

const usage = `npm run fuzz -- [--inputs N] [--seed S] [--bombs SHARE]

  --inputs N     how many entries (1000000)
  --seed S       the same seed gives the same entries (1)
  --bombs SHARE  the share of entries that would become very many objects (0.0005)
`

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    bombs: { type: 'string', default: '0.0005' },
    help: { type: 'boolean', default: false },
  },
})
const [inputs, seed, bombShare] = [Number(values.inputs), Number(values.seed), Number(values.bombs)]

if (values.help || !(inputs >= 1) || !Number.isInteger(seed) || !(bombShare >= 0 && bombShare <= 1)) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const progress = startProgress(`${inputs} inputs`)
const started = performance.now()
const { tallies, complaints } = await runFuzz({ inputs, seed, bombShare, onProgress: progress.update })
progress.clear()
const seconds = (performance.now() - started) / 1_000
const rows = Object.entries(tallies).map(([kind, tally]) => [
  kind,
  formatCount(tally.inputs),
  formatCount(tally.accepted),
  `${formatCount(Math.round(tally.slowest))} ms`,
])
console.log(formatTable(['inputs', 'number', 'read as an entry', 'slowest'], rows))
const perSecond = formatCount(Math.round(inputs / seconds))
const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
console.log(`\n${seconds.toFixed(1)} s, ${perSecond} inputs/s, at most ${megabytes} MB of memory`)
for (const complaint of complaints) console.log(complaint)
process.exitCode = complaints.length > 0 ? 1 : 0
