import { parseArgs } from 'node:util'
import { formatTable, startProgress } from '@larder/report'
import type { MutantTask } from './mutant-worker'
import { mutants } from './mutants/mutants'
import type { Trial } from './mutants/try-mutant'
import { runOnWorkers } from './worker-pool'

function formatFaults(faults: readonly string[]): string {
  if (faults.length === 0) return 'none'
  return faults.length > 2 ? 'all' : faults.join(', ')
}

const { values } = parseArgs({ options: { explore: { type: 'boolean', default: false } } })
const method = values.explore ? 'explore' : 'simulate'
const progress = startProgress(`${mutants.length} mutants`)
const script = new URL('./mutant-worker.js', import.meta.url)
const tasks = mutants.map((mutant): MutantTask => ({ mutant, method }))
const trials = await runOnWorkers<MutantTask, Trial>(script, tasks, progress.update)
progress.clear()

const rows = trials.map(({ mutant, caughtBy }) => [
  mutant.name,
  formatFaults(mutant.faults),
  caughtBy ?? 'nothing',
])
console.log(formatTable(['broken on purpose', 'faults', 'caught by'], rows))
for (const { mutant, message, caughtBy } of trials)
  if (caughtBy !== undefined) console.log(`\n${mutant.name}\n  ${message}`)
process.exitCode = trials.some(({ caughtBy }) => caughtBy === undefined) ? 1 : 0
