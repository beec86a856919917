import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FromServer } from './messages'
import { openSuite } from './suite'

type Handler = (segments: string[], request: IncomingMessage, response: ServerResponse) => void

/** The suite's own origin: its handlers, on this machine alone. */
const [, , directory = ''] = process.argv
const suite = openSuite(directory || undefined)
const kinds = ['config', 'state', 'test'] as const
const handlers = new Map<string, Handler>()
for (const kind of kinds) {
  const { default: handler } = await suite.engine(`server/handle-${kind}.mjs`)
  handlers.set(kind, handler as unknown as Handler)
}

const server = createServer((request, response) => {
  const [kind = '', ...segments] = new URL(request.url ?? '/', 'http://origin').pathname.split('/').slice(1)
  const handler = handlers.get(kind)
  if (handler === undefined) response.writeHead(404).end()
  else handler(segments, request, response)
})
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies FromServer),
)
process.on('disconnect', () => process.exit())
