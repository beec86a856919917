import { runScript } from '@larder/servers'
import { expect, test } from 'vitest'
import { faultClasses } from '../src/simulation/campaign'

test('10 000 seeds under every class of faults break no promise', async () => {
  const { code, output } = await runScript(new URL('../dist/simulate.js', import.meta.url), [
    '--seeds',
    '10000',
  ])
  expect(output).toMatch(/\| together +\| +10 000 \|.*\| +0 \|/)
  expect(code).toBe(0)
  for (const name of faultClasses) expect(output).toContain(`| ${name} `)
})

test('a seed gives the same run again', async () => {
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

test('an option that cannot be meant is answered with what can', async () => {
  const { code, output } = await runScript(new URL('../dist/simulate.js', import.meta.url), [
    '--fault',
    'earthquake',
  ])
  expect(code).toBe(2)
  expect(output).toContain('--fault NAME')
})
