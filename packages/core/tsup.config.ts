import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/encoding.ts'],
  format: 'esm',
  target: 'node20',
  // tsup sets `baseUrl` for its declaration build, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
})
