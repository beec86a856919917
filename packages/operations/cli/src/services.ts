import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ServiceOperations, ServiceServer } from '@larder/core'
import { findKeys } from './find-keys'
import { readInfo, type Server } from './server'

/** The packages of services that have a command. They are imported only where the application has installed them. */
export const servicePackages = ['@larder/rate-limit', '@larder/sessions'] as const

export type ServicePackage = (typeof servicePackages)[number]

/** From the application in the current folder, else from beside this program. */
const places = [join(process.cwd(), 'package.json'), import.meta.url]

/** The operations of a service; undefined if its package is not installed, or too old to have any. */
export function loadOperations(name: ServicePackage): ServiceOperations | undefined {
  for (const place of places) {
    try {
      const entry = createRequire(place)(`${name}/operations`) as { readonly operations: ServiceOperations }
      return entry.operations
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  return undefined
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
}

/** The server as the operations of a service see it. */
export function toServiceServer(
  server: Server,
  { prefix, name, user }: Pick<ServiceServer, 'prefix' | 'name' | 'user'>,
): ServiceServer {
  return {
    prefix,
    name,
    user,
    call: server.call,
    async readInfo() {
      const [node] = server.nodes()
      return node === undefined ? new Map() : readInfo(node)
    },
    findKeys: (pattern, max) => findKeys(server, pattern, max),
  }
}
