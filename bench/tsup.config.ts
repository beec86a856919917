import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/hot-hit.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
})
