// tier: slow
import { expect, test } from 'vitest'
import {
  listDocs,
  listPublishedReadmes,
  nameOf,
  needsServer,
  packagesImportedBy,
  programsOf,
  requiredPeersOf,
  runProgram,
  withoutAge,
} from './pages'

const pages = [...listPublishedReadmes(), ...listDocs('guide', 'operate')]
const programs = programsOf(pages)

/** Pages whose first example needs a compiler, a test runner or a terminal, or that show none. */
const withoutProgram = [
  'packages/http/http/README.md',
  'packages/operations/cli/README.md',
  'docs/guide/comparison.md',
  'docs/guide/faq.md',
  'docs/guide/how-we-know.md',
  'docs/guide/http-differences.md',
  'docs/guide/jest.md',
  'docs/guide/nestjs.md',
  'docs/guide/nextjs.md',
  'docs/operate/advice.md',
  'docs/operate/cli.md',
  'docs/operate/redis-servers.md',
  'docs/operate/runbook.md',
  'docs/operate/troubleshooting.md',
]

test('every README, guide and page for operators begins with a program, but for those that need more than Node and Redis', () => {
  const names = new Set(programs.map(({ name }) => name))
  expect(pages.map(nameOf).filter((name) => !names.has(name))).toEqual(withoutProgram)
})

test.each(programs)(
  '$name has its reader install what its program imports, and the peers of that',
  ({ installed, program }) => {
    const imported = packagesImportedBy(program)
    expect(imported.length).toBeGreaterThan(0)
    expect(installed).toEqual(expect.arrayContaining([...imported, ...installed.flatMap(requiredPeersOf)]))
  },
)

test.concurrent.each(programs.filter((program) => !needsServer(program)))(
  'the program of $name, pasted, prints what the page says',
  async ({ program, output }) => {
    expect(await runProgram(program)).toEqual({ stdout: withoutAge(output), stderr: '' })
  },
)
