import { expect, test } from 'vitest'
import { mutants } from '../src/mutants/mutants'
import { run } from './run'

test('whatever the promise rests on is missed by the simulation when it is taken away', async () => {
  const { code, output } = await run('mutate')
  for (const { name } of mutants)
    expect(output).toMatch(new RegExp(`${name.replace(/[{}()]/g, '\\$&')}.*seed \\d+`))
  expect(code).toBe(0)
}, 300_000)
