#!/usr/bin/env node
import { programs } from './programs.js'
import { isInstalled } from './run-command.js'
import { findTestFiles } from './test-files.js'

/** Names the test files of the repository that could not run on this machine, with the programs that they need. */
const missing = new Set(programs.filter((program) => !isInstalled(program)).map(({ name }) => name))
const files = findTestFiles('.').filter(({ needs }) => needs.some((name) => missing.has(name)))
if (files.length > 0) {
  console.log(`\nNot run, because ${[...missing].join(' and ')} could not be installed:`)
  for (const { path } of files) console.log(`  ${path}`)
}
