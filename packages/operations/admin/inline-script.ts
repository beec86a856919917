import { build, type Plugin } from 'esbuild'

/** What ends the name of a module that is wanted as the text of a script for browsers. */
const wanted = /\?script$/

/** Bundles a module for browsers, into one text. */
async function scriptOf(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.replace(wanted, '')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** `import script from './client/main.ts?script'`, for tsup. */
export const inlineScript: Plugin = {
  name: 'inline-script',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: wanted }, ({ path, resolveDir }) => ({
      path: new URL(path, `file://${resolveDir}/`).pathname + (path.endsWith('?script') ? '?script' : ''),
      namespace: 'script',
    }))
    onLoad({ filter: wanted, namespace: 'script' }, async ({ path }) => ({
      contents: await scriptOf(path),
      loader: 'text',
    }))
  },
}

/** The same for Vite, which runs the tests. */
export const viteInlineScript = {
  name: 'inline-script',
  enforce: 'pre' as const,
  async load(id: string) {
    return wanted.test(id) ? `export default ${JSON.stringify(await scriptOf(id))}` : undefined
  },
}
