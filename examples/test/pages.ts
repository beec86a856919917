import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '../..')

/** The pages in folders of `docs`. */
export function docs(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, 'docs', folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, 'docs', folder, name)),
  )
}

/** The first page, and that of each package. */
export function readmes(): string[] {
  const packages = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'package.json')),
  )
  return [join(root, 'README.md'), ...packages.map((name) => join(root, 'packages', name, 'README.md'))]
}
