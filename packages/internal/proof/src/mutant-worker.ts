import { parentPort } from 'node:worker_threads'
import { buildMutant } from './mutants/build-mutant'
import type { Mutant } from './mutants/mutant'
import { tryMutant } from './mutants/try-mutant'

parentPort?.on('message', async (mutant: Mutant) => {
  const simulation = await buildMutant(mutant, new URL('../../../', import.meta.url))
  parentPort?.postMessage(await tryMutant(mutant, simulation))
})
