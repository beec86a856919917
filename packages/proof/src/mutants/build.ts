import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MakeCache } from '@larder/testing'
import { build, type Plugin } from 'esbuild'
import type { Mutant } from './mutant'

/** Builds the core with one thing broken and resolves to its `createCache`. */
export async function buildMutant(mutant: Mutant, core: URL): Promise<MakeCache> {
  const folder = mkdtempSync(join(tmpdir(), 'larder-mutant-'))
  const outfile = join(folder, 'core.mjs')
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('index.ts', core))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      // Native code that msgpackr does without.
      external: ['msgpackr-extract'],
      logLevel: 'error',
      plugins: [breaking(mutant, core)],
    })
    const { createCache } = (await import(pathToFileURL(outfile).href)) as { createCache: MakeCache }
    return createCache
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Loads the one file as the mutant has it. */
function breaking({ name, file, find, replace }: Mutant, core: URL): Plugin {
  const path = fileURLToPath(new URL(file, core))
  return {
    name: 'breaking',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, (loading) => {
        if (loading.path !== path) return undefined
        const parts = readFileSync(path, 'utf8').split(find)
        if (parts.length !== 2)
          throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}, not once.`)
        return { contents: parts.join(replace), loader: 'ts' }
      })
    },
  }
}
