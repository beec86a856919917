import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { root } from './repository'

/** A page in the list of `docs/README.md`. */
interface ListedPage {
  readonly title: string
  /** Its path in the repository. */
  readonly path: string
  readonly description: string
}

/** A heading of that list, with its pages in order. */
export interface Section {
  readonly title: string
  readonly pages: readonly ListedPage[]
}

const listPage = 'docs/README.md'
const entry = /^- \[(?<title>[^\]]+)\]\((?<link>[^)]+)\): (?<description>.*(?:\n {2}.*)*)/gm

/** The sections of `docs/README.md`: the one list of all pages, from which navigation and `llms.txt` are made. */
export function readContents(): readonly Section[] {
  const [, ...sections] = readFileSync(join(root, listPage), 'utf8').split(/^## /m)
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    pages: [...section.matchAll(entry)].map(({ groups = {} }) => ({
      title: groups.title ?? '',
      path: posix.join('docs', groups.link ?? ''),
      description: (groups.description ?? '').replaceAll(/\s+/g, ' '),
    })),
  }))
}
