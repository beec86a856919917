#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { findMissingPrograms, findTestFiles } from './test-files.js'

/**
 * Runs the tests of the package in the current folder: all but the long ones, with `--quick` those that start no program
 * and take little time, with `--long` the long ones alone; words select files by a part of their path. Quick files run on all
 * processors; each of the others, which start servers and processes of their own, has the machine to itself. Files whose
 * programs are missing are named and left out; in CI (`CI` set) that is an error. Other flags go to vitest (`--flag=value`).
 */
const { tier, words, flags } = parseArguments(process.argv.slice(2))
const files = findTestFiles('.').filter((file) => belongsTo(file, tier) && matches(file, words))
const missing = findMissingPrograms(files)
const runnable = files.filter(({ needs }) => !needs.some((name) => missing.has(name)))
for (const { path, needs } of files)
  if (needs.some((name) => missing.has(name))) console.log(`not run: ${path} needs ${needs.join(' and ')}`)

const quick = runnable.filter((file) => file.tier === 'quick')
const alone = runnable.filter((file) => file.tier !== 'quick')
const statuses = [runVitest(quick, availableParallelism()), runVitest(alone, 1)]
if (statuses.some((status) => status !== 0)) process.exitCode = 1
if (process.env.CI && runnable.length < files.length) process.exitCode = 1

/**
 * @param {readonly import('./test-files.js').TestFile[]} files
 * @param {number} workers - files that run at the same time
 * @returns {number} the exit code
 */
function runVitest(files, workers) {
  if (files.length === 0) return 0
  const args = ['run', `--maxWorkers=${workers}`, ...limits(), ...files.map(({ path }) => path), ...flags]
  const { status, error } = spawnSync('vitest', args, { stdio: 'inherit' })
  if (error !== undefined)
    console.error(`vitest cannot be started (${error.message}): run the tests with "pnpm test".`)
  return status ?? 1
}

/** Time limits end a test that hangs; no test asserts a speed by them, so that a busy machine fails none. */
function limits() {
  return ['--testTimeout=900000', '--hookTimeout=900000', '--expect.poll.timeout=60000']
}

/**
 * @param {readonly string[]} args
 * @returns {{ tier: 'quick' | 'full' | 'long', words: string[], flags: string[] }}
 */
function parseArguments(args) {
  const own = new Set(['--quick', '--long', '--'])
  const flags = args.filter((arg) => arg.startsWith('-') && !own.has(arg))
  const words = args.filter((arg) => !arg.startsWith('-'))
  if (args.includes('--long')) return { tier: 'long', words, flags }
  return { tier: args.includes('--quick') ? 'quick' : 'full', words, flags }
}

/** @param {import('./test-files.js').TestFile} file @param {'quick' | 'full' | 'long'} tier */
function belongsTo(file, tier) {
  return tier === 'full' ? file.tier !== 'long' : file.tier === tier
}

/** @param {import('./test-files.js').TestFile} file @param {readonly string[]} words */
function matches({ path }, words) {
  return words.length === 0 || words.some((word) => path.includes(word))
}
