// needs: redis
// tier: long
import { runScript } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { topologyNames } from '../src/torture/topologies'

const simulate = new URL('../dist/simulate.js', import.meta.url)
const explore = new URL('../dist/explore.js', import.meta.url)
const torture = new URL('../dist/torture.js', import.meta.url)

test('20 000 seeds that no shorter tier runs violate no guarantee', async () => {
  const { code, output } = await runScript(simulate, ['--seeds', '20000', '--seed', '100000'])
  expect(output).toMatch(/\| together +\| +20 000 \|.*\| +0 \|/)
  expect(code, output).toBe(0)
})

test.each([
  ['one late message or step, under every fault', ['--bound', '1']],
  ['two late messages or steps, without a fault', ['--bound', '2', '--fault', 'none']],
])('no order of events with %s violates the guarantee', async (_, args) => {
  const { code, output } = await runScript(explore, args)
  expect(output).toMatch(/\| together +\| +[\d ]+ \| +0 \|/)
  expect(code, output).toBe(0)
})

describe.each(topologyNames)('four processes on %s', (topology) => {
  test('violate no guarantee in a minute of killed, stopped, cut off and flushed servers', async () => {
    const { code, output } = await runScript(torture, [
      '--seconds',
      '60',
      '--seed',
      '2',
      '--topology',
      topology,
    ])
    expect(code, output).toBe(0)
  })
})
