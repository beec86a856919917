#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { build } from 'tsup'
import { formatsOf } from '../manifest/formats.js'

/** Bundles the declarations of each entry point into one file per module format. */
await build({
  entry: process.argv.slice(2),
  format: formatsOf(JSON.parse(readFileSync('package.json', 'utf8'))),
  silent: true,
  dts: {
    only: true,
    // tsup sets `baseUrl` for its declaration build, which TypeScript 6 reports as deprecated.
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
})
