// tier: slow
import { runScript } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { targetNames } from '../src/targets'

const script = new URL('../dist/http-conformance.js', import.meta.url)

/** Passed and all tests, required and optimal, from the last row of the table. */
const parseTotals = (output: string) =>
  (output.split('\n').find((line) => line.startsWith('| total')) ?? '')
    .split('|')
    .slice(2, 4)
    .map((cell) => cell.trim().split('/').map(Number))

describe.concurrent.each(targetNames)('the %s integration', (target) => {
  test('passes the required tests of the public suite for HTTP caches, and most optimal ones', async () => {
    // The suite's responses are fresh for two seconds of real time; a hundred tests at once need longer on a busy machine.
    const { code, output } = await runScript(script, [target, '--concurrency', '12'])
    expect(output).not.toMatch(/^(failed|undecided): \S+ \(required\)(?!: (RFC 9111|the suite))/m)
    const [required, optimal] = parseTotals(output)
    expect(required?.[0]).toBeGreaterThanOrEqual(140)
    expect(optimal?.[0]).toBeGreaterThanOrEqual(75)
    expect(code).toBe(0)
  })
})
