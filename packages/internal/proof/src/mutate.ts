import { formatTable, startProgress } from '@larder/report'
import type { Mutant } from './mutants/mutant'
import { mutants } from './mutants/mutants'
import type { Trial } from './mutants/try-mutant'
import { runOnWorkers } from './worker-pool'

function formatFaults(faults: readonly string[]): string {
  if (faults.length === 0) return 'none'
  return faults.length > 2 ? 'all' : faults.join(', ')
}

const progress = startProgress(`${mutants.length} mutants`)
const script = new URL('./mutant-worker.js', import.meta.url)
const trials = await runOnWorkers<Mutant, Trial>(script, mutants, progress.update)
progress.clear()

const rows = trials.map(({ mutant, seed }) => [
  mutant.name,
  formatFaults(mutant.faults),
  seed === undefined ? 'no seed' : `seed ${seed}`,
])
console.log(formatTable(['broken on purpose', 'faults', 'caught by'], rows))
for (const { mutant, message, seed } of trials)
  if (seed !== undefined) console.log(`\n${mutant.name}\n  ${message}`)
process.exitCode = trials.some(({ seed }) => seed === undefined) ? 1 : 0
