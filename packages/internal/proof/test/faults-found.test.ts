import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from '../src/mutants/mutants'

const repository = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, repository), 'utf8')

/** The cells of the tables of the page: what a user saw, the test, the mutant, and the seed. */
const rows = read('docs/architecture/faults-found.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('.test.ts`: '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, fault = '', location = '', mutant = '', seed = '']) => ({ fault, location, mutant, seed }))

test('the page of faults names many of them', () => {
  expect(rows.length).toBeGreaterThan(25)
})

test.each(rows)('$fault Its test and its mutant exist', ({ location, mutant, seed }) => {
  const [, file = '', title = ''] = /^`(\S+)`: (.+)$/.exec(location) ?? []
  expect(read(file)).toContain(title)
  const found = mutants.find(({ name }) => name === mutant)
  expect(found === undefined ? '' : String(found.firstSeed ?? 1)).toBe(seed)
})
