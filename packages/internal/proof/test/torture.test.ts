// needs: redis
import { runScript } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { topologyNames } from '../src/torture/topology'

const torture = new URL('../dist/torture.js', import.meta.url)

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
  test('violate no guarantee while faults are injected into the servers', async () => {
    const { code, output } = await runTorture('8', '--topology', topology)
    const [, name, reads, invalidations, , faults, , , violations] = lastRow(output)
    expect([name, violations, code]).toEqual([topology, '0', 0])
    expect(Number(reads)).toBeGreaterThan(1_000)
    expect(Number(invalidations)).toBeGreaterThan(50)
    expect(Number(faults)).toBeGreaterThan(0)
  })
})

test('skipped invalidations are detected', async () => {
  const { code, output } = await runTorture('4', '--topology', 'single', '--forgetful')
  expect(code).toBe(1)
  expect(output).toMatch(/returned version \d+, must return at least \d+/)
})
