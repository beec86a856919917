import type { DefaultTheme } from 'vitepress'
import { addressOf } from './addresses'
import { readContents } from './contents'

/** Sections that a reader opens when they need them. */
const collapsed = new Set(['Packages', 'Inside'])

/** The sidebar: the list of `docs/README.md`. */
export function listSidebar(): DefaultTheme.SidebarItem[] {
  return readContents().map(({ title, pages }) => ({
    text: title,
    collapsed: collapsed.has(title),
    items: pages.map((page) => ({ text: page.title, link: `/${addressOf(page.path)}` })),
  }))
}

/** The bar at the top: where each kind of reader begins. */
export const topLinks: DefaultTheme.NavItem[] = [
  { text: 'Quick start', link: '/guide/quick-start' },
  { text: 'Guide', link: '/guide/consistency', activeMatch: '^/guide/(?!quick-start)' },
  { text: 'Reference', link: '/reference/options', activeMatch: '^/reference/' },
  { text: 'Operating', link: '/operate/cli', activeMatch: '^/operate/' },
  { text: 'Inside', link: '/architecture/overview', activeMatch: '^/(architecture|decisions)/' },
]
