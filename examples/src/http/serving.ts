import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that listens. */
export interface Serving {
  readonly port: number
  close(): Promise<unknown>
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port
}

export async function listenOnLoopback(server: Server): Promise<Serving> {
  if (!server.listening) await once(server, 'listening')
  return {
    port: portOf(server),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
