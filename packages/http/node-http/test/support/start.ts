import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AppHandler, RunningApplication, StartApplication } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import { httpCache, type WithLarder } from '../../src/index'

/** An application on `node:http` without a framework. */
export const startApplication: StartApplication = async ({
  options,
  handler,
}): Promise<RunningApplication> => {
  const responses = httpCache({ ...options, user: (req) => req.headers['x-user'] as string | undefined })
  const server = await startServer(
    createServer((req, res) => responses(req, res, () => void runHandler(handler, req, res))),
  )
  return {
    port: server.port,
    async close() {
      responses.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function runHandler(handler: AppHandler, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    const {
      status = 200,
      headers = {},
      body,
    } = await handler({
      method: req.method ?? '',
      target: req.url ?? '',
      query: parse((req.url ?? '').split('?')[1] ?? ''),
      header: (name) => req.headers[name] as string | undefined,
      larder: (req as IncomingMessage & WithLarder).larder,
    })
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    res.statusCode = status
    if (body === undefined || typeof body === 'string') res.end(body)
    else await pipeline(Readable.from(body), res)
  } catch {
    if (res.headersSent) res.destroy()
    else res.writeHead(500).end()
  }
}
