import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerMessage } from './messages'
import { openSuite } from './suite'

type OriginHandler = (segments: string[], request: IncomingMessage, response: ServerResponse) => void

/** Process: the suite's own origin, reachable on this machine only. Argument: suite. */
const [, , directory = ''] = process.argv
const suite = openSuite(directory || undefined)
const kinds = ['config', 'state', 'test'] as const
const handlers = new Map<string, OriginHandler>()
for (const kind of kinds) {
  const { default: handler } = await suite.loadEngine(`server/handle-${kind}.mjs`)
  handlers.set(kind, handler as unknown as OriginHandler)
}

const server = createServer((request, response) => {
  const [kind = '', ...segments] = new URL(request.url ?? '/', 'http://origin').pathname.split('/').slice(1)
  const handler = handlers.get(kind)
  if (handler === undefined) response.writeHead(404).end()
  else handler(segments, request, response)
})
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies ServerMessage),
)
process.on('disconnect', () => process.exit())
