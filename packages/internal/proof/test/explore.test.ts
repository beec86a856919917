// tier: slow
import { runScript } from '@larder/servers'
import { expect, test } from 'vitest'

const explore = (...args: string[]) => runScript(new URL('../dist/explore.js', import.meta.url), args)

test('no order of events with one late message or step violates the guarantee', async () => {
  const faults = ['loss', 'failover', 'flush'].flatMap((name) => ['--fault', name])
  const { code, output } = await explore('--bound', '1', ...faults)
  const [, schedules = '0'] = /together +\| +([\d ]+?) +\| +0 \|/.exec(output) ?? []
  expect(Number(schedules.replaceAll(' ', ''))).toBeGreaterThan(3_000)
  expect(code).toBe(0)
})

test('one schedule is run again by its text', async () => {
  const { code, output } = await explore('--replay', 'tags/failover@25/3:1')
  expect(output).toMatch(/^\d+ choices, 0 violations/)
  expect(code).toBe(0)
})

test('an unknown fault is rejected with the list of valid options', async () => {
  const { code, output } = await explore('--fault', 'earthquake')
  expect(code).toBe(2)
  expect(output).toContain('--fault NAME')
})
