import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from '../src/mutants/mutants'

const page = readFileSync(new URL('../../../../docs/guide/how-we-know.md', import.meta.url), 'utf8')
const [, section = ''] = page.split('## Mutants')
const rows = (section.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

test('the guide lists each mutant, the faults that show it, and the seed that the search begins at', () => {
  const expected = mutants.map(({ name, incident, faults, firstSeed = 1 }) => [
    name,
    incident ?? (faults.join(', ') || 'none'),
    String(firstSeed),
  ])
  expect(rows).toEqual(expected)
})
