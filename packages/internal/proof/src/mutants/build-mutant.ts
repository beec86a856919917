import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { exploreSchedules, simulate, simulateIncident, usualSchedules } from '@larder/testing'
import { build, type Plugin } from 'esbuild'
import type { Edit, Mutant } from './mutant'

/** The simulation of a mutant. */
export interface MutantSimulation {
  readonly simulate: typeof simulate
  readonly simulateIncident: typeof simulateIncident
  readonly exploreSchedules: typeof exploreSchedules
  readonly usualSchedules: typeof usualSchedules
}

/** Builds the core and the simulation with the mutant's edits. `packages` is the folder of all packages. */
export function buildMutant(mutant: Mutant, packages: URL): Promise<MutantSimulation> {
  return bundleMutant('testing/src/index.ts', mutant, packages)
}

/** Builds a module of these packages, and imports it, with the mutant's edits of the core. */
export async function bundleMutant<Module>(
  entry: string,
  mutant: Pick<Mutant, 'name' | 'edits'>,
  packages: URL,
): Promise<Module> {
  const folder = mkdtempSync(join(tmpdir(), 'larder-mutant-'))
  const outfile = join(folder, 'simulation.mjs')
  const pathOf = (path: string) => fileURLToPath(new URL(path, packages))
  try {
    await build({
      entryPoints: [pathOf(entry)],
      alias: {
        '@larder/core': pathOf('core/src/index.ts'),
        '@larder/core/encoding': pathOf('core/src/encoding.ts'),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      // An optional native module of msgpackr.
      external: ['msgpackr-extract'],
      logLevel: 'error',
      plugins: [createMutantPlugin(mutant, packages)],
    })
    return (await import(pathToFileURL(outfile).href)) as Module
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An esbuild plugin that applies the edits when it loads a file. */
function createMutantPlugin({ name, edits }: Pick<Mutant, 'name' | 'edits'>, packages: URL): Plugin {
  return {
    name: 'breaking',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const fileEdits = edits.filter(
          ({ file }) => fileURLToPath(new URL(sourcePath(file), packages)) === path,
        )
        if (fileEdits.length === 0) return undefined
        return {
          contents: fileEdits.reduce((text, edit) => applyEdit(name, text, edit), readFileSync(path, 'utf8')),
          loader: 'ts',
        }
      })
    },
  }
}

/** The path of a source below the folder of all packages. */
function sourcePath(file: string): string {
  return file.startsWith('testing/') ? file.replace('testing/', 'testing/src/') : `core/src/${file}`
}

/** @throws if the text is not found exactly once: the source has changed, and the mutant would equal the core. */
function applyEdit(name: string, text: string, { file, find, replace }: Edit): string {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(
    `Mutant "${name}": its \`find\` text must occur once in ${file}; found ${parts.length - 1} times.`,
  )
}
