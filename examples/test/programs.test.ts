// tier: slow
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { listDocs, needsServer, programsOf, root, runProgram, withoutAge } from './pages'

const programs = programsOf([join(root, 'README.md'), ...listDocs('guide', 'operate')])

/** Guides whose first example needs a compiler or a test runner, or that show none. */
const withoutProgram = [
  'classes.md',
  'comparison.md',
  'faq.md',
  'how-we-know.md',
  'http.md',
  'jest.md',
  'nestjs.md',
  'nextjs.md',
  'writing-a-store.md',
  'writing-an-integration.md',
]

test('every guide begins with a program, but for those that need more than Node and Redis', () => {
  const names = new Set(programs.map(({ name }) => name))
  const guides = listDocs('guide').map((page) => basename(page))
  expect(guides.filter((name) => !names.has(name))).toEqual(withoutProgram)
})

test.concurrent.each(programs.filter((program) => !needsServer(program)))(
  'the program of $name, pasted, prints what the page says',
  async ({ program, output }) => {
    expect(await runProgram(program)).toEqual({ stdout: withoutAge(output), stderr: '' })
  },
)
