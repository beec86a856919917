import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Starts a server on a free port. Disposal closes it with all its connections. */
export async function startServer(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
