import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
