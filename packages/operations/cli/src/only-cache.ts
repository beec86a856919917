import { findCacheNames } from './cache-names'
import { UsageError } from './errors'
import type { Server } from './server'

/** The name of the only cache on a server. @throws UsageError that lists the caches, if there are several, or none. */
export async function findOnlyCache(connect: () => Promise<Server>, prefix: string): Promise<string> {
  const server = await connect()
  try {
    const name = await chooseOnlyCache(server, prefix)
    if (name !== undefined) return name
    throw new UsageError(
      `No cache uses this server with the prefix ${prefix}. Write: --url URL, or --prefix TEXT; larder doctor checks the server`,
    )
  } finally {
    server.close()
  }
}

/** Undefined without a cache. @throws UsageError that lists the caches, if there are several. */
export async function chooseOnlyCache(server: Server, prefix: string): Promise<string | undefined> {
  const [name, ...others] = await findCacheNames(server, prefix)
  if (others.length === 0) return name
  throw new UsageError(
    `This server has several caches: ${[name, ...others].join(', ')}. Write: --name ${name}, or set LARDER_NAME`,
  )
}
