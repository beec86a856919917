#!/usr/bin/env node
import { findMissingPrograms, findTestFiles } from './test-files.js'

/** Names the test files of the repository that could not run on this machine, with the programs that they need. */
const all = findTestFiles('.')
const missing = findMissingPrograms(all)
const files = all.filter(({ needs }) => needs.some((name) => missing.has(name)))
if (files.length > 0) {
  console.log(`\nNot run, because ${[...missing].join(' and ')} could not be installed:`)
  for (const { path } of files) console.log(`  ${path}`)
}
