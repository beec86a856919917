import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addressOf } from './addresses'
import { readContents } from './contents'
import { root } from './repository'

const summary =
  'A cache for TypeScript and JavaScript that never serves stale data by accident: all invalidations go on one ordered log, and each entry remembers the position on it that its computation started from.'

/**
 * Writes `llms.txt` (https://llmstxt.org), the list of all pages for language models, `llms-full.txt` with their text, and
 * each page as Markdown beside its HTML.
 */
export function writeLlms(destination: string): void {
  const sections = readContents()
  const lists = sections.map(({ title, pages }) => {
    const lines = pages.map((page) => `- [${page.title}](/${addressOf(page.path)}): ${page.description}`)
    return `## ${title}\n\n${lines.join('\n')}\n`
  })
  writeFileSync(join(destination, 'llms.txt'), [`# Larder\n\n> ${summary}\n`, ...lists].join('\n'))

  const paths = sections.flatMap(({ pages }) => pages.map(({ path }) => path))
  const texts = paths.map((path) => readFileSync(join(root, path), 'utf8'))
  writeFileSync(join(destination, 'llms-full.txt'), texts.join('\n\n'))
  for (const path of paths) {
    const copy = join(destination, addressOf(path) ?? path)
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(join(root, path), copy)
  }
}
