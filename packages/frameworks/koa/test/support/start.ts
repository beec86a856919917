import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import type { RunningApplication, StartApplication } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import Koa, { type Context } from 'koa'
import { httpCache } from '../../src/index'

type SendStream = (ctx: Context, stream: Readable) => void

const sendStreamByKoa: SendStream = (ctx, stream) => {
  ctx.body = stream
}

/** Starts applications of one version of Koa. */
export const startWith =
  (Application: typeof Koa, sendStream = sendStreamByKoa): StartApplication =>
  async ({ options, handler }): Promise<RunningApplication> => {
    const app = new Application()
    app.silent = true
    const responses = httpCache({ ...options, user: (ctx) => ctx.get('x-user') || undefined })
    app.use(responses)
    app.use(async (ctx) => {
      const {
        status = 200,
        headers = {},
        body,
      } = await handler({
        method: ctx.method,
        target: ctx.originalUrl,
        query: ctx.query,
        header: (name) => ctx.get(name) || undefined,
        larder: ctx.larder,
      })
      ctx.status = status
      if (typeof body === 'string') ctx.body = body
      else if (body !== undefined) sendStream(ctx, Readable.from(body))
      else if (status === 200) ctx.body = ''
      ctx.set(headers as Record<string, string>)
    })
    const server = await startServer(createServer(app.callback()))
    return {
      port: server.port,
      async close() {
        responses.close()
        await server[Symbol.asyncDispose]()
      },
    }
  }

/** An application of Koa 3. */
export const startApplication = startWith(Koa)
