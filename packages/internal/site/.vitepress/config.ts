import { defineConfig } from 'vitepress'
import { addressOf } from '../src/addresses'
import { boostPage } from '../src/boost-page'
import { formatAnchor } from '../src/format-anchor'
import { home } from '../src/home'
import { listSidebar, topLinks } from '../src/navigation'
import { renderDiagrams } from '../src/render-diagrams'
import { root, sourceUrl } from '../src/repository'
import { resolveLinks } from '../src/resolve-links'
import { resolveVue } from '../src/resolve-vue'
import { stackTables } from '../src/stack-tables'
import { writeLlms } from '../src/write-llms'

export default defineConfig({
  title: 'Larder',
  description: 'Caching for TypeScript that never serves stale data by accident.',
  srcDir: root,
  srcExclude: ['*.md', 'packages/internal/**', 'bench/**', 'examples/**'],
  rewrites: (path) => addressOf(path) ?? path,
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: '/logo.svg', type: 'image/svg+xml' }]],
  vite: {
    publicDir: `${import.meta.dirname}/../public`,
    plugins: [resolveVue],
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { promql: 'sql' },
    anchor: { slugify: formatAnchor },
    config(markdown) {
      resolveLinks(markdown)
      renderDiagrams(markdown)
      stackTables(markdown)
    },
  },
  transformPageData: ({ relativePath }) => (relativePath === 'index.md' ? { frontmatter: home } : undefined),
  buildEnd: ({ outDir }) => writeLlms(outDir),
  themeConfig: {
    logo: '/logo.svg',
    nav: topLinks,
    sidebar: listSidebar(),
    search: {
      provider: 'local',
      options: { miniSearch: { searchOptions: { boostDocument: boostPage } } },
    },
    outline: { level: [2, 3] },
    editLink: {
      pattern: sourceUrl(':path'),
      text: 'The source of this page',
    },
    footer: { message: 'MIT licensed' },
  },
})
