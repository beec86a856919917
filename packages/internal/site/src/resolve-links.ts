import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { addressOf } from './addresses'
import { isInRepository, root, sourceUrl } from './repository'

/**
 * Turns the links between files of the repository into links of the site: to the page of a Markdown file, to a package's
 * README for its folder, and for everything else to the source. VitePress refuses those that lead nowhere.
 */
export function resolveLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('resolve-links', (state) => {
    const page = posix.relative(root, String(state.env.realPath))
    for (const block of state.tokens)
      for (const token of block.children ?? []) {
        const link = token.attrGet('href')
        if (token.type === 'link_open' && link !== null) token.attrSet('href', resolveLink(page, link))
      }
  })
}

/** The link on the site for a `link` on `page`, a path in the repository. */
export function resolveLink(page: string, link: string): string {
  if (/^([a-z]+:|[#/])/.test(link)) return link
  const [file = '', anchor] = link.split('#')
  const path = posix.join(posix.dirname(page), decodeURI(file)).replace(/\/$/, '')
  const hash = anchor === undefined ? '' : `#${anchor}`
  if (path === 'README.md') return '/'
  const readme = `${path}/README.md`
  const address = addressOf(path) ?? (isInRepository(readme) ? addressOf(readme) : undefined)
  if (address !== undefined) return `/${address}${hash}`
  return isInRepository(path) ? sourceUrl(path) + hash : link
}
