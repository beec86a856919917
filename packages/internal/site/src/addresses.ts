/** The folders under `packages` whose packages nobody installs. */
const privateRole = 'internal'

const packageReadme = /^packages\/(?:(?<role>[\w-]+)\/)?(?<name>[\w-]+)\/README\.md$/

/**
 * Where a Markdown file of the repository stands on the site: `docs/guide/tags.md` becomes `guide/tags.md`, and the README
 * of a published package `packages/redis.md`. Undefined for every other file.
 */
export function addressOf(path: string): string | undefined {
  if (path === 'docs/README.md') return 'contents.md'
  if (path.startsWith('docs/') && path.endsWith('.md'))
    return path.slice('docs/'.length).replace(/README\.md$/, 'index.md')
  const readme = packageReadme.exec(path)?.groups
  return readme === undefined || readme.role === privateRole ? undefined : `packages/${readme.name}.md`
}
