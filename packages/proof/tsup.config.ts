import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/simulate.ts',
    'src/simulation-worker.ts',
    'src/mutate.ts',
    'src/mutant-worker.ts',
    'src/torture.ts',
    'src/torture-process.ts',
    'src/http-conformance.ts',
    'src/http-origin.ts',
    'src/http-target.ts',
    'src/http-client.ts',
  ],
  format: 'esm',
  target: 'node20',
  clean: true,
})
