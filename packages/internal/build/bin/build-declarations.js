#!/usr/bin/env node
import { build } from 'tsup'

/** Bundles the declarations of each entry point into one file. */
await build({
  entry: process.argv.slice(2),
  format: 'esm',
  silent: true,
  dts: {
    only: true,
    // tsup sets `baseUrl` for its declaration build, which TypeScript 6 reports as deprecated.
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
})
