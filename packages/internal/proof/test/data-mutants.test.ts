// tier: long
import { expect, test } from 'vitest'
import { bundleMutant } from '../src/mutants/build-mutant'
import { dataMutants } from '../src/mutants/data-mutants'

/** The random calls of the tests of the core. */
interface RandomCalls {
  assertRandomCalls(numRuns: number, seed: number): Promise<void>
}

const packages = new URL('../../../', import.meta.url)

/** In ms. */
const timeout = 600_000

async function bundleCalls(mutant: Parameters<typeof bundleMutant>[1]): Promise<() => Promise<void>> {
  const entry = 'core/test/support/random-calls.ts'
  const { assertRandomCalls } = await bundleMutant<RandomCalls>(entry, mutant, packages)
  return () => assertRandomCalls(5_000, 1)
}

test('random calls find nothing in the core', { timeout }, async () => {
  const runCalls = await bundleCalls({ name: 'none', edits: [] })
  await runCalls()
})

test.each(dataMutants)('random calls find that $name', { timeout }, async (mutant) => {
  const runCalls = await bundleCalls(mutant)
  await expect(runCalls()).rejects.toThrow(/Counterexample: /)
})
