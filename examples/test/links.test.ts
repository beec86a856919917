import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { listDocs, listReadmes, root } from './pages'

const pages = [
  ...listReadmes(),
  ...listDocs('.', 'guide', 'reference', 'operate', 'architecture', 'decisions'),
  ...['CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'CHANGELOG.md'].map((page) => join(root, page)),
]

/** The text of a page without its examples. */
function textOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*?^```$/gms, '')
}

/** The same without what code within a line has in common with links. */
function proseOf(page: string): string {
  return textOf(page).replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '))
}

/** The places in a page that a link can lead to, named as GitHub names them. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replaceAll(/\]\([^)]*\)/g, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
  return new Set(anchors)
}

/** Why a link on a page leads nowhere; undefined if it leads somewhere. */
function fault(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  const where = `${relative(root, page)}: ${link}`
  if (!existsSync(target)) return where
  if (anchor === undefined) return undefined
  return statSync(target).isFile() && anchorsOf(target).has(anchor) ? undefined : where
}

test('every link within the docs leads somewhere', () => {
  const links = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => [page, link] as const),
  )
  const within = links.filter(([, link]) => !/^[a-z]+:/.test(link))
  expect(within.length).toBeGreaterThan(100)
  expect(within.flatMap(([page, link]) => fault(page, link) ?? [])).toEqual([])
})

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
  const named = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(
      ([, script = '']) => [relative(root, page), script] as const,
    ),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(([, script]) => !(script in scripts))).toEqual([])
})

test('every command of `larder` that a page names exists', () => {
  const readme = readFileSync(join(root, 'packages/operations/cli/README.md'), 'utf8')
  const commands = [...readme.matchAll(/^\| `larder (\w+)/gm)].map(([, command = '']) => command)
  const named = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/(?:npx @larder\/cli|`larder) ([a-z]+)/g)].map(
      ([, command = '']) => [relative(root, page), command] as const,
    ),
  )
  expect(commands.length).toBeGreaterThan(10)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(([, command]) => !commands.includes(command))).toEqual([])
})

test('the README has the results of the suite for HTTP caches that the page about HTTP has', () => {
  const figures = (path: string, pattern: RegExp) =>
    pattern.exec(readFileSync(join(root, path), 'utf8'))?.slice(1)
  const measured = figures('docs/guide/http.md', /^\| Larder with .* \| +(\d+) \| +(\d+) \|$/m)
  const told = figures('README.md', /pass (\d+) of 160 required and (\d+) of 105 optimal tests/)
  expect(measured).toHaveLength(2)
  expect(told).toEqual(measured)
})

test('the list of decisions links every decision with its date', () => {
  const list = textOf(join(root, 'docs/decisions/README.md')).replaceAll(/ +/g, ' ')
  const decisions = listDocs('decisions').filter((page) => basename(page) !== 'README.md')
  const rows = decisions.map((page) => {
    const [, title = ''] = /^# (.*)$/m.exec(textOf(page)) ?? []
    const [, date = ''] = /^- Date: (\d{4}-\d{2}-\d{2})$/m.exec(textOf(page)) ?? []
    return `| [${title}](${basename(page)}) | ${date} |`
  })
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.filter((row) => !list.includes(row))).toEqual([])
})

test('every decision states its date, status, context, decision and what else was tried', () => {
  const headings = ['- Date: ', '- Status: ', '## Context', '## Decision', '## What else was tried']
  const decisions = listDocs('decisions').filter((page) => basename(page) !== 'README.md')
  const incomplete = decisions.flatMap((page) => {
    const lines = textOf(page).split('\n')
    return headings
      .filter((heading) => !lines.some((line) => line.startsWith(heading)))
      .map((heading) => `${relative(root, page)} lacks "${heading}"`)
  })
  expect(incomplete).toEqual([])
})

test('every source file that the pages on architecture name exists', () => {
  const named = listDocs('architecture').flatMap((page) =>
    [...textOf(page).matchAll(/`([\w./-]+\.(?:js|ts))`/g)].map(([, file = '']) => [page, file] as const),
  )
  const missing = named.filter(
    ([, file]) => ![file, join('packages/core/src', file)].some((path) => existsSync(join(root, path))),
  )
  expect(named.length).toBeGreaterThan(60)
  expect(missing.map(([page, file]) => `${relative(root, page)}: ${file}`)).toEqual([])
})
