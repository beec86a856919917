import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type Combination,
  type NotingApplication,
  nodeHandlers,
  nodeLayers,
  noteResponse,
  recordNotes,
  type StartNoting,
} from '@larder/http-suite'
import { startServer } from '@larder/servers'
import { httpCache } from '../../src/index'

type NotingOptions = Parameters<StartNoting>[1]

/** An application on `node:http` of a handler between two layers, with or without the cache. */
export function createNotingServer({ handler, front, behind }: Combination, options: NotingOptions) {
  const { note, takeNotes } = recordNotes()
  const responses = options && httpCache(options)

  function answer(req: IncomingMessage, res: ServerResponse): void {
    noteResponse(res, note)
    try {
      nodeHandlers.get(handler)?.(req, res, note)
    } catch (error) {
      note(`failed: ${error}`)
      if (res.headersSent) res.destroy()
      else res.writeHead(500).end('failed')
    }
  }

  const server = createServer((req, res) => {
    const continueBehind = () => nodeLayers.get(behind)?.(req, res, () => answer(req, res))
    const continueInFront = () =>
      responses === undefined ? continueBehind() : responses(req, res, continueBehind)
    nodeLayers.get(front)?.(req, res, continueInFront)
  })
  return { server, takeNotes }
}

/** Starts such an application on a port of its own. */
export const startNoting: StartNoting = async (combination, options): Promise<NotingApplication> => {
  const { server, takeNotes } = createNotingServer(combination, options)
  const { port, ...running } = await startServer(server)
  return { port, takeNotes, close: async () => running[Symbol.asyncDispose]() }
}
