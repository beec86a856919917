import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** The address of a file in the repository, for files that the site has no page of. */
export function sourceUrl(path: string): string {
  // Every published manifest has the address.
  const manifest = readFileSync(join(root, 'packages/core/package.json'), 'utf8')
  const { homepage } = JSON.parse(manifest) as { homepage: string }
  return homepage.replace('#readme', `/blob/main/${path}`)
}

/** Whether the repository has a file or folder at this path. */
export function isInRepository(path: string): boolean {
  return existsSync(join(root, path))
}
