// tier: slow
import { runScript } from '@larder/servers'
import { expect, test } from 'vitest'
import { mutants } from '../src/mutants/mutants'

test('the simulation detects every mutant of the core', async () => {
  const { code, output } = await runScript(new URL('../dist/mutate.js', import.meta.url))
  for (const { name } of mutants)
    expect(output).toMatch(new RegExp(`${name.replace(/[{}()]/g, '\\$&')}.*seed \\d+`))
  expect(code).toBe(0)
})
