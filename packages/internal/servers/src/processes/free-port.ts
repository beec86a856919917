import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A node of a Cluster talks to the others on the port this far above its own. */
const busOffset = 10_000

/**
 * A port of the loopback that is free, as is the one for a Cluster's bus above it. Both lie below the range that
 * systems give to outgoing connections, so that none of those takes the port while its server is down.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 22_000)
    if ((await isFree(port)) && (await isFree(port + busOffset))) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
