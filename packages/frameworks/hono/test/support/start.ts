import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { RunningApplication, StartApplication } from '@larder/http-suite'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { httpCache } from '../../src/index'

/** A Hono application on Node. */
export const startApplication: StartApplication = async ({
  options,
  handler,
  compression,
}): Promise<RunningApplication> => {
  const app = new Hono()
  const responses = httpCache({ ...options, app, user: (c) => c.req.header('x-user') })
  if (compression === 'outside') app.use(compress())
  app.use(responses)
  if (compression === 'inside') app.use(compress())
  app.all('*', async (c) => {
    const {
      status = 200,
      headers = {},
      body,
    } = await handler({
      method: c.req.method,
      target: c.req.url.slice(c.req.url.indexOf('/', 8)),
      query: c.req.queries(),
      header: (name) => c.req.header(name),
      larder: c.var.larder,
    })
    const fields = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((line): [string, string] => [name, line]),
    )
    return new Response(typeof body === 'object' ? toStream(body) : body, { status, headers: fields })
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  await new Promise<void>((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function toStream(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
