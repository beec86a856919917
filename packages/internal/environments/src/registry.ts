import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import type { PackedPackage } from './pack-packages'

/** A registry of npm that has the packed packages and nothing else. */
export interface Registry {
  readonly url: string
  close(): void
}

/**
 * Serves packed packages as a registry does, so that package managers install them as they do for users. Only the scope
 * `@larder` is directed here; everything else comes from the registry that the machine is set up for.
 */
export async function startRegistry(packages: readonly PackedPackage[]): Promise<Registry> {
  const tarballs = new Map(packages.map(({ tarball }) => [basename(tarball), tarball]))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/').slice(1)
    const tarball = tarballs.get(basename(path))
    if (tarball !== undefined) return response.end(readFileSync(tarball))
    const found = packages.find(({ manifest }) => manifest.name === path)
    if (found === undefined) return response.writeHead(404).end('{}')
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify(documentOf(found, `http://${request.headers.host}`)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The document of a package: its only version, where its tarball is, and that it is old enough to be trusted. */
function documentOf({ manifest, tarball }: PackedPackage, host: string): object {
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  const dist = { tarball: `${host}/${basename(tarball)}`, integrity }
  const published = '2026-01-01T00:00:00.000Z'
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
    time: { created: published, modified: published, [manifest.version]: published },
  }
}
