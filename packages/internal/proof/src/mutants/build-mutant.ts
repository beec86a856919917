import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MakeCache } from '@larder/testing'
import { build, type Plugin } from 'esbuild'
import type { Edit, Mutant } from './mutant'

/** Builds the core with the mutant's edits and resolves to its `createCache`. */
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
      // An optional native module of msgpackr.
      external: ['msgpackr-extract'],
      logLevel: 'error',
      plugins: [createMutantPlugin(mutant, core)],
    })
    const { createCache } = (await import(pathToFileURL(outfile).href)) as { createCache: MakeCache }
    return createCache
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An esbuild plugin that applies the edits when it loads a file. */
function createMutantPlugin({ name, edits }: Mutant, core: URL): Plugin {
  return {
    name: 'breaking',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const fileEdits = edits.filter(({ file }) => fileURLToPath(new URL(file, core)) === path)
        if (fileEdits.length === 0) return undefined
        return {
          contents: fileEdits.reduce((text, edit) => applyEdit(name, text, edit), readFileSync(path, 'utf8')),
          loader: 'ts',
        }
      })
    },
  }
}

/** @throws if the text is not found exactly once: the source has changed, and the mutant would equal the core. */
function applyEdit(name: string, text: string, { file, find, replace }: Edit): string {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(
    `Mutant "${name}": its \`find\` text must occur once in ${file}; found ${parts.length - 1} times.`,
  )
}
