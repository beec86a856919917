import { relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Suffix of an import that wants the module as the text of a browser script. */
const scriptSuffix = /\?script$/

/** Bundles a module for browsers into one minified text. */
async function bundleScript(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.replace(scriptSuffix, '')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** Plugin for tsup: `import script from './client/main.ts?script'`. */
export const inlineScript: Plugin = {
  name: 'inline-script',
  setup({ onResolve, onLoad }) {
    // The path stands in the bundle and in its map: relative, so that no folder of the build machine gets there.
    onResolve({ filter: scriptSuffix }, ({ path, resolveDir }) => ({
      path: relative('', resolve(resolveDir, path)),
      namespace: 'script',
    }))
    onLoad({ filter: scriptSuffix, namespace: 'script' }, async ({ path }) => ({
      contents: await bundleScript(path),
      loader: 'text',
    }))
  },
}

/** The same plugin for Vite, which runs the tests. */
export const viteInlineScript = {
  name: 'inline-script',
  enforce: 'pre' as const,
  async load(id: string) {
    return scriptSuffix.test(id) ? `export default ${JSON.stringify(await bundleScript(id))}` : undefined
  },
}
