#!/usr/bin/env node
import { build } from 'tsup'

/** Bundles each entry point into one ES module. Declarations, which take longer, are built by `build-declarations`. */
await build({
  entry: process.argv.slice(2),
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  silent: true,
  // Declarations lie in the same folder and stay.
  clean: ['!**/*.d.ts'],
})
