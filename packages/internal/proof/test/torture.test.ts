// needs: redis
import { writeFileSync } from 'node:fs'
import { runScript, temporaryFolder } from '@larder/servers'
import { afterAll, describe, expect, test } from 'vitest'
import { topologyNames } from '../src/torture/topologies'

const torture = new URL('../dist/torture.js', import.meta.url)

const folder = temporaryFolder()
afterAll(folder.remove)

/** Runs the torture for a time, then until there were enough reads and writes: how long that takes differs between machines. */
const runTorture = (seconds: string, ...args: readonly string[]) =>
  runScript(torture, ['--seconds', seconds, '--reads', '1200', '--invalidations', '60', ...args])

/** The last row of the table, cell by cell. */
const lastRow = (output: string) =>
  (
    output
      .trim()
      .split('\n')
      .findLast((line) => line.startsWith('|')) ?? ''
  )
    .split('|')
    .map((cell) => cell.trim().replaceAll(' ', ''))

describe.each(topologyNames)('four processes on %s', (topology) => {
  test('violate no guarantee while faults are injected into servers and processes', async () => {
    const history = folder.file(topology)
    const { code, output } = await runTorture('6', '--topology', topology, '--history', history)
    const [, name, reads, invalidations, , faults, , , , violations] = lastRow(output)
    expect([name, violations, code], output).toEqual([topology, '0', 0])
    expect(Number(reads)).toBeGreaterThan(1_000)
    expect(Number(invalidations)).toBeGreaterThan(50)
    expect(Number(faults)).toBeGreaterThan(0)
    const check = await runScript(torture, ['--check', history])
    expect([lastRow(check.output), check.code]).toEqual([['', topology, reads, '0', ''], 0])
  })
})

test('skipped invalidations are detected, and by the checker of recorded histories as well', async () => {
  const history = folder.file('forgetful')
  const { code, output } = await runTorture('4', '--topology', 'single', '--forgetful', '--history', history)
  expect(code).toBe(1)
  expect(output).toMatch(/returned version \d+, must return at least \d+/)
  const check = await runScript(torture, ['--check', history])
  expect(check.code).toBe(1)
  expect(check.output).toMatch(/returned \d+, must return at least \d+/)
})

test('a file without a history is no proof', async () => {
  writeFileSync(folder.file('empty'), '')
  const { code } = await runScript(torture, ['--check', folder.file('empty')])
  expect(code).toBe(1)
})
