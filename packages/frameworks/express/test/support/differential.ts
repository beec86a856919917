import { createServer } from 'node:http'
import { createCache } from '@larder/core'
import {
  type Combination,
  type DifferentialRule,
  type NotingApplication,
  nodeHandlers,
  noteResponse,
  startServer,
} from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import compression from 'compression'
import express from 'express'
import { httpCache } from '../../src/index'
import { setCookieAtHead } from './set-cookie-at-head'

/** Layers that other middleware is made of: each uses one way to intervene in a response. */
export const layers: Readonly<Record<string, express.RequestHandler>> = {
  nothing: (_req, _res, next) => next(),
  compression: compression({ threshold: 0 }),
  'a cookie at the head': setCookieAtHead,
  'a field at the end': (_req, res, next) => {
    const { end } = res
    res.end = function endWithField(this: typeof res, ...args: never[]) {
      if (!res.headersSent) res.setHeader('x-ended', '1')
      return Reflect.apply(end, this, args)
    } as typeof end
    next()
  },
  'fields of its own': (_req, res, next) => {
    res.setHeader('x-frame-options', 'SAMEORIGIN')
    res.removeHeader('x-powered-by')
    next()
  },
}

/** Starts an application of a handler between two layers, with or without the cache. */
export async function startNoting(
  { handler, front, behind }: Combination,
  rule: DifferentialRule | undefined,
): Promise<NotingApplication> {
  let notes: string[] = []
  const note = (observation: string) => void notes.push(observation)
  const app = express().use(layers[front] ?? [])
  if (rule !== undefined) {
    const cache = createCache({ name: 'differential', store: memoryStore() })
    const user = 'scope' in rule ? () => 'ada' : undefined
    app.use(httpCache({ cache, user, ...rule }))
  }
  const answer: express.RequestHandler = (req, res) => {
    noteResponse(res, note)
    nodeHandlers.get(handler)?.(req, res, note)
  }
  app.use(layers[behind] ?? [], answer)
  const failed: express.ErrorRequestHandler = (error, _req, res, _next) => {
    note(`failed: ${error.message}`)
    if (res.headersSent) res.destroy()
    else res.status(500).end('failed')
  }
  const server = await startServer(createServer(app.use(failed)))
  return {
    port: server.port,
    takeNotes() {
      const taken = notes
      notes = []
      return taken
    },
    close: async () => server[Symbol.asyncDispose](),
  }
}
