import { readdirSync } from 'node:fs'
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
  const found = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
  const ofPackages = found.filter((path) => /(^|\/)README\.md$/.test(path) && !path.includes('node_modules'))
  return [join(root, 'README.md'), ...ofPackages.map((path) => join(root, 'packages', path))]
}
