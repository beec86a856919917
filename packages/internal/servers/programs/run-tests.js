#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { programs } from './programs.js'
import { isInstalled } from './run-command.js'
import { findTestFiles } from './test-files.js'

/**
 * Runs the tests of the package in the current folder: all but the long ones, with `--quick` those that start no program
 * and take little time, with `--long` the long ones alone. Files whose programs are missing are named and left out; in CI
 * (`CI` set) that is an error. Other arguments go to vitest.
 */
const [tier, ...args] = splitArguments(process.argv.slice(2))
const files = findTestFiles('.').filter((file) => belongsTo(file, tier))
const missing = new Set(
  programs
    .filter(({ name }) => files.some(({ needs }) => needs.includes(name)))
    .filter((program) => !isInstalled(program))
    .map(({ name }) => name),
)
const runnable = files.filter(({ needs }) => !needs.some((name) => missing.has(name)))
for (const { path, needs } of files)
  if (needs.some((name) => missing.has(name))) console.log(`not run: ${path} needs ${needs.join(' and ')}`)

const isIncomplete = Boolean(process.env.CI) && runnable.length < files.length
if (runnable.length > 0) {
  const { status } = spawnSync('vitest', ['run', ...runnable.map(({ path }) => path), ...args], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
if (isIncomplete) process.exitCode = 1

/** @param {readonly string[]} all @returns {['quick' | 'full' | 'long', ...string[]]} */
function splitArguments(all) {
  const rest = all.filter((arg) => arg !== '--quick' && arg !== '--long')
  if (all.includes('--long')) return ['long', ...rest]
  return [all.includes('--quick') ? 'quick' : 'full', ...rest]
}

/** @param {import('./test-files.js').TestFile} file @param {'quick' | 'full' | 'long'} tier */
function belongsTo(file, tier) {
  if (tier === 'full') return file.tier !== 'long'
  return file.tier === tier
}
