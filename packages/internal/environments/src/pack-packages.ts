import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readTarball } from './read-tarball'

/** The folder of the repository. */
const repository = fileURLToPath(new URL('../../../..', import.meta.url))

/** The fields of a published package.json that the tests read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly main?: string
  readonly types?: string
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package as it is published. */
export interface PackedPackage {
  /** The path of its tarball. */
  readonly tarball: string
  /** The manifest in the tarball. */
  readonly manifest: Manifest
  readonly files: ReadonlyMap<string, Buffer>
}

/** Packs every package that is published, with one call of pnpm, into the folder `destination`. */
export function packPackages(destination: string): readonly PackedPackage[] {
  const published = ['--filter=./packages/**', '--filter=!./packages/internal/**']
  const output = execFileSync('pnpm', [...published, 'pack', '--json', '--pack-destination', destination], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const packed = JSON.parse(output) as readonly { readonly filename: string }[]
  return packed.map(({ filename: tarball }) => {
    const files = readTarball(tarball)
    return { tarball, files, manifest: JSON.parse(String(files.get('package.json'))) as Manifest }
  })
}
