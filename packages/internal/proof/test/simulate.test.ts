// tier: slow
import { runScript } from '@larder/servers'
import { expect, test } from 'vitest'
import { shortFaultClasses } from '../src/simulation/campaign'

test('2 500 seeds over all classes of faults violate no guarantee', async () => {
  const { code, output } = await runScript(new URL('../dist/simulate.js', import.meta.url), [
    '--seeds',
    '2500',
  ])
  expect(output).toMatch(/\| together +\| +2 500 \|.*\| +0 \|/)
  expect(code).toBe(0)
  for (const name of shortFaultClasses) expect(output).toContain(`| ${name} `)
})

test('the same seed gives the same run', async () => {
  const runs = await Promise.all(
    [1, 2].map(() =>
      runScript(new URL('../dist/simulate.js', import.meta.url), [
        '--seeds',
        '20',
        '--seed',
        '7',
        '--fault',
        'all',
      ]),
    ),
  )
  const [first, second] = runs.map(({ output }) => output.replace(/[\d.]+ s\n/, ''))
  expect(first).toBe(second)
})

test('an unknown fault is rejected with the list of valid options', async () => {
  const { code, output } = await runScript(new URL('../dist/simulate.js', import.meta.url), [
    '--fault',
    'earthquake',
  ])
  expect(code).toBe(2)
  expect(output).toContain('--fault NAME')
})
