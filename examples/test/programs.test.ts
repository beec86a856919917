// tier: slow
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { here, listDocs, root } from './pages'

/** Below this package, so that programs find the packages that they import. */
const folder = mkdtempSync(join(here, '../.programs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program on a page: JavaScript, and the block after it that says what it prints. */
interface PageProgram {
  readonly program: string
  readonly output: string
}

/** The programs of a page: each block of JavaScript whose next block has no language. */
function programsOf(page: string): PageProgram[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)]
  return blocks.flatMap(([, language, program = ''], at) => {
    const [, nextLanguage, output = ''] = blocks[at + 1] ?? []
    return language === 'js' && nextLanguage === '' ? [{ program, output }] : []
  })
}

const pages = [join(root, 'README.md'), ...listDocs('guide', 'operate')]
const programs = pages.flatMap((page) =>
  programsOf(page).map((program, at) => [`${basename(page)}, ${at + 1}`, program] as const),
)

/** Guides whose first example needs a server, a framework or a compiler, or that show none. */
const withoutProgram = [
  'classes.md',
  'comparison.md',
  'express.md',
  'faq.md',
  'fastify.md',
  'hono.md',
  'how-we-know.md',
  'http.md',
  'jest.md',
  'koa.md',
  'nestjs.md',
  'nextjs.md',
  'rate-limits.md',
  'redis.md',
  'tiered.md',
  'writing-a-store.md',
  'writing-an-integration.md',
]

test('every guide begins with a program, but for those that need more than Node', () => {
  const names = new Set(programs.map(([name]) => name.split(',')[0]))
  const without = listDocs('guide').map((page) => basename(page))
  expect(without.filter((name) => !names.has(name))).toEqual(withoutProgram)
})

test.each(programs)(
  'the program of %s, pasted, prints what the page says',
  async (name, { program, output }) => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`)
    writeFileSync(file, program)
    const { stdout, stderr } = await promisify(execFile)('node', [file])
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' })
  },
)
