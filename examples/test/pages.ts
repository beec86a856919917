import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '../..')

/** The pages in folders of `docs`. */
export function listDocs(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, 'docs', folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, 'docs', folder, name)),
  )
}

/** The README of the repository, and those of all packages. */
export function listReadmes(): string[] {
  const groups = ['packages', ...listFolders('packages')]
  const readmes = [root, ...groups.flatMap(listFolders).map((folder) => join(root, folder))]
    .map((folder) => join(folder, 'README.md'))
    .filter((page) => existsSync(page))
  return [...new Set(readmes)]
}

/** The folders in a folder of the repository. */
function listFolders(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
}

/** A program on a page: JavaScript, and the block after it that says what it prints. */
export interface PageProgram {
  readonly name: string
  readonly program: string
  readonly output: string
}

/** The programs of pages, named after their page: each block of JavaScript whose next block has no language. */
export function programsOf(pages: readonly string[]): PageProgram[] {
  return pages.flatMap((page) => {
    const blocks = [...readFileSync(page, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    return blocks.flatMap(([, language, program = ''], at) => {
      const [, nextLanguage, output = ''] = blocks[at + 1] ?? []
      return language === 'js' && nextLanguage === '' ? [{ name: basename(page), program, output }] : []
    })
  })
}

/** Whether a program starts a server on a port of its own, or needs Redis. */
export const needsServer = ({ program }: PageProgram) => /:3000|redis:\/\//.test(program)

/** The age of a response depends on the speed of the machine. */
export const withoutAge = (text: string) => text.replaceAll(/ttl=\d+/g, 'ttl')

/** Runs a program as pasted into a file below this package, where it finds the packages that it imports. */
export async function runProgram(program: string): Promise<{ stdout: string; stderr: string }> {
  const folder = mkdtempSync(join(here, '../.program-'))
  const file = join(folder, 'pasted.mjs')
  writeFileSync(file, program)
  try {
    const { stdout, stderr } = await promisify(execFile)('node', [file])
    return { stdout: withoutAge(stdout), stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
