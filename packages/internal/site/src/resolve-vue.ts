const vueModules = new Set(['vue', 'vue/server-renderer'])

/**
 * Leaves Vue to Node while pages are rendered to HTML: the pages are outside of this package, so its dependencies cannot be
 * resolved from there. VitePress itself does so for the browser.
 */
export const resolveVue = {
  name: 'resolve-vue',
  enforce: 'pre' as const,
  resolveId(id: string, _importer: string | undefined, { ssr = false }: { ssr?: boolean }) {
    return ssr && vueModules.has(id) ? { id, external: true } : undefined
  },
}
