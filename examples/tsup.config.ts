import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/demo.ts', 'src/second-process.ts', 'src/http-load.ts', 'src/serve.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
})
