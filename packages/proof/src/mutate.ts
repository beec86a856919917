import { buildMutant } from './mutants/build'
import { mutants } from './mutants/mutants'
import { type Trial, tryMutant } from './mutants/trial'
import { startProgress } from './report/progress'
import { tableOf } from './report/table'

/** Seeds after which a mutant counts as unseen. */
const seeds = 1_000
const core = new URL('../../core/src/', import.meta.url)

const progress = startProgress('mutants')
const trials: Trial[] = []
for (const [at, mutant] of mutants.entries()) {
  trials.push(await tryMutant(mutant, await buildMutant(mutant, core), seeds))
  progress.update((at + 1) / mutants.length)
}
progress.done()
const rows = trials.map(({ mutant, seed }) => [
  mutant.name,
  labelOf(mutant.faults),
  seed === undefined ? 'never' : `seed ${seed}`,
])
console.log(tableOf(['broken on purpose', 'faults', 'caught by'], rows))
for (const { mutant, message, seed } of trials)
  if (seed !== undefined) console.log(`\n${mutant.name}\n  ${message}`)
process.exitCode = trials.some(({ seed }) => seed === undefined) ? 1 : 0

function labelOf(faults: readonly string[]): string {
  if (faults.length === 0) return 'none'
  return faults.length > 2 ? 'all' : faults.join(', ')
}
