import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/simulate.ts',
    'src/simulation-worker.ts',
    'src/mutate.ts',
    'src/mutant-worker.ts',
    'src/torture.ts',
    'src/torture-process.ts',
  ],
  format: 'esm',
  target: 'node20',
  clean: true,
})
