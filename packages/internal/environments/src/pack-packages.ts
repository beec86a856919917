import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  /** Its folder, relative to the repository. */
  readonly folder: string
  /** The path of its tarball. */
  readonly tarball: string
  /** The manifest in the tarball. */
  readonly manifest: Manifest
  readonly files: ReadonlyMap<string, Buffer>
}

/** Packs every package that is published, with pnpm, into the folder `destination`. */
export function packPackages(destination: string): readonly PackedPackage[] {
  return publishedFolders().map((folder) => {
    const output = execFileSync('pnpm', ['pack', '--json', '--pack-destination', destination], {
      cwd: join(repository, folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { filename: tarball } = JSON.parse(output) as { filename: string }
    const files = readTarball(tarball)
    return { folder, tarball, files, manifest: JSON.parse(String(files.get('package.json'))) as Manifest }
  })
}

/** The folders of all packages that are not private: `packages/core`, `packages/stores/redis`. */
function publishedFolders(): string[] {
  const children = (folder: string) =>
    readdirSync(join(repository, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map(({ name }) => `${folder}/${name}`)
  return children('packages')
    .flatMap((role) => [role, ...children(role)])
    .filter((folder) => isPublished(join(repository, folder, 'package.json')))
}

function isPublished(manifest: string): boolean {
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).private !== true
}
