import { parentPort } from 'node:worker_threads'
import { buildMutant } from './mutants/build-mutant'
import type { Mutant } from './mutants/mutant'
import { exploreMutant, tryMutant } from './mutants/try-mutant'

/** A mutant, and how to detect it. */
export interface MutantTask {
  readonly mutant: Mutant
  readonly method: 'simulate' | 'explore'
}

parentPort?.on('message', async ({ mutant, method }: MutantTask) => {
  const simulation = await buildMutant(mutant, new URL('../../../', import.meta.url))
  const tryOut = method === 'explore' ? exploreMutant : tryMutant
  parentPort?.postMessage(await tryOut(mutant, simulation))
})
