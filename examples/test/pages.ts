import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'

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

/** The READMEs that are published: those of the repository and of the packages on npm. */
export const listPublishedReadmes = () => listReadmes().filter((page) => !page.includes('/internal/'))

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

/** The path of a page in the repository. */
export const nameOf = (page: string) => relative(root, page)

/** A program on a page, and the block after it that says what it prints. */
export interface PageProgram {
  /** The path of its page in the repository. */
  readonly name: string
  /** The packages of the commands `npm install` in front of the program; without one, those of the quick start. */
  readonly installed: readonly string[]
  /** In JavaScript; that of a program in TypeScript is what the compiler makes of it. */
  readonly program: string
  readonly output: string
}

/**
 * The programs of pages, named after their page: each block of JavaScript whose next block has no language, and of TypeScript
 * where that follows at once.
 */
export function programsOf(pages: readonly string[]): PageProgram[] {
  return pages.flatMap((path) => {
    const page = readFileSync(path, 'utf8')
    const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    return blocks.flatMap(([block, language, text = ''], at) => {
      const [next = '', nextLanguage, output = ''] = blocks[at + 1] ?? []
      const isProgram = language === 'js' || (language === 'ts' && page.includes(`${block}\n\n${next}`))
      if (!isProgram || nextLanguage !== '') return []
      const named = blocks.slice(0, at).flatMap(([, , before = '']) => packagesInstalledBy(before))
      const installed = named.length > 0 ? named : ['@larder/core', '@larder/memory']
      const program =
        language === 'js'
          ? text
          : ts.transpile(text, {
              module: ts.ModuleKind.ESNext,
              // The target decides about decorators, which Node does not know.
              target: ts.ScriptTarget.ES2022,
            })
      return [{ name: nameOf(path), installed, program, output }]
    })
  })
}

/** The packages in the commands `npm install …` of a block. */
function packagesInstalledBy(text: string): string[] {
  const commands = [...text.matchAll(/^npm install (.*)$/gm)]
  return commands.flatMap(([, words = '']) => words.split(' ').filter((word) => !word.startsWith('-')))
}

/** The packages that a program imports, without Node's own modules. */
export function packagesImportedBy(program: string): string[] {
  const imports = [...program.matchAll(/\b(?:from|import|require\() ?'([^'.]+)'/g)].map(
    ([, name = '']) => name,
  )
  const packages = imports.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(packages)].filter((name) => !isBuiltin(name))
}

/** The packages that have to be installed with a package of Larder: npm adds them, other package managers do not. */
export function requiredPeersOf(name: string): string[] {
  if (!name.startsWith('@larder/')) return []
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as {
    readonly peerDependencies?: Readonly<Record<string, string>>
    readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  }
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest
  return Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true)
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
