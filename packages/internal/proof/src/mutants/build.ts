import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MakeCache } from '@larder/testing'
import { build, type Plugin } from 'esbuild'
import type { Edit, Mutant } from './mutant'

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

/** Loads files as the mutant has them. */
function breaking({ name, edits }: Mutant, core: URL): Plugin {
  return {
    name: 'breaking',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = edits.filter(({ file }) => fileURLToPath(new URL(file, core)) === path)
        if (own.length === 0) return undefined
        return {
          contents: own.reduce((text, edit) => broken(name, text, edit), readFileSync(path, 'utf8')),
          loader: 'ts',
        }
      })
    },
  }
}

/** @throws where the source has changed, so that a mutant is never the core itself. */
function broken(name: string, text: string, { file, find, replace }: Edit): string {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}, not once.`)
}
