#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { installPrograms } from './install-programs.js'
import { programs } from './programs.js'

/**
 * Installs the programs that the tests start: `npm run programs`. With names as arguments, only those; `--retry-after MS` waits
 * so long after a failure of the package manager (5000). Where one cannot be
 * installed, the tests that need it are not run and listed at the end of `npm test`; in CI (`CI` set) that is an error.
 */
const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { 'retry-after': { type: 'string', default: '5000' } },
})
const unknown = names.find((name) => !programs.some((program) => program.name === name))
if (unknown !== undefined) {
  console.error(`No program "${unknown}" is known. Known are ${programs.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
const wanted = names.length === 0 ? programs : programs.filter(({ name }) => names.includes(name))
const states = await installPrograms(wanted, process.stderr, Number(values['retry-after']))
if (process.env.CI && states.some(({ isThere }) => !isThere)) process.exitCode = 1
