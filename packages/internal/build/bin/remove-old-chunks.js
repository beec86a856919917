#!/usr/bin/env node
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { listReachedFiles } from '../javascript/list-reached-files.js'

/**
 * Removes from `dist` the code that no entry point imports, chunks of earlier builds whose names end in another hash, and
 * source maps. They stay when a package is built again, and when a build is restored from the cache; so this runs before a
 * package is packed.
 */
const reached = listReachedFiles(JSON.parse(readFileSync('package.json', 'utf8')))
const built = readdirSync('dist').map((name) => `dist/${name}`)
for (const file of built)
  if (/\.c?[jt]s(\.map)?$/.test(file) && !reached.has(file)) rmSync(file, { force: true })
