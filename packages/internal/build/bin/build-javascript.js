#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { build } from 'tsup'
import { writeBundledLicenses } from '../javascript/write-bundled-licenses.js'
import { formatsOf } from '../manifest/formats.js'

/**
 * Bundles each entry point into one ES module, and into one CommonJS module if the package is published with both.
 * Dependencies stay imports; development dependencies that the sources import become part of the bundle, and their
 * licences stand in `dist/THIRD-PARTY-LICENSES.txt`. Declarations, which take longer, are built by `build-declarations`.
 *
 * No source maps: bundles are not minified, names stay, and a comment above each part names its source file, so that a stack
 * trace and a debugger read without one. Maps with the sources in them were two thirds of a tarball.
 */
await build({
  entry: process.argv.slice(2),
  format: formatsOf(JSON.parse(readFileSync('package.json', 'utf8'))),
  target: 'node20',
  // Deno and Workers know built-in modules by their full names only.
  removeNodeProtocol: false,
  silent: true,
  // Declarations lie in the same folder and stay.
  clean: ['!**/*.d.ts', '!**/*.d.cts'],
  // For the licences; removed with them.
  metafile: true,
})
writeBundledLicenses('dist')
