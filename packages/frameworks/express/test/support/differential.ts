import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  awaitsWrite,
  type Combination,
  type LayerPair,
  type NotingApplication,
  nodeHandlers,
  nodeLayers,
  noteResponse,
  pairLayers,
  recordNotes,
  type StartNoting,
  withoutAnswer,
} from '@larder/http-suite'
import { startServer } from '@larder/servers'
import compression from 'compression'
import cookieSession from 'cookie-session'
import cors from 'cors'
import express from 'express'
import session, { MemoryStore } from 'express-session'
import helmet from 'helmet'
import morgan from 'morgan'
import multer from 'multer'
import { httpCache } from '../../src/index'

const file = join(mkdtempSync(join(tmpdir(), 'larder-differential-')), 'page.txt')
writeFileSync(file, 'text of a file '.repeat(200))

/** Handlers that answer by Express's own means. */
const expressHandlers: Readonly<Record<string, express.RequestHandler>> = {
  'express: a text': (_req, res) => void res.send('text'),
  'express: an object': (_req, res) => void res.status(201).json({ text: 'text' }),
  'express: bytes': (_req, res) => void res.type('png').send(Buffer.from('bytes')),
  'express: a status': (_req, res) => void res.sendStatus(202),
  'express: a redirect': (_req, res) => void res.redirect('/other'),
  'express: a file': (_req, res) => void res.sendFile(file),
  'express: a download': (_req, res) => void res.download(file, 'page.txt'),
  'express: a missing file': (_req, res) => void res.sendFile(`${file}.missing`),
  'express: fields, and two cookies': (_req, res) =>
    void res.set('X-One', '1').vary('Accept-Language').cookie('a', '1').cookie('b', '2').send('text'),
  'express: a negotiated format': (_req, res) =>
    void res.format({ json: () => res.json({ text: 'text' }), text: () => res.send('text') }),
  'express: a callback for scripts': (_req, res) => void res.jsonp({ text: 'text' }),
  'express: links': (_req, res) => void res.links({ next: '/2' }).send('text'),
  'express: no handler': (_req, _res, next) => next(),
  'express: an error': (_req, _res, next) => next(new Error('The handler failed.')),
  'express: a rejection': async () => {
    throw new Error('The handler failed.')
  },
}

/** The names of all handlers. */
export const handlers = [...nodeHandlers.keys(), ...Object.keys(expressHandlers)]

const layers = new Map<string, express.RequestHandler>([
  ...nodeLayers,
  ['compression', compression({ threshold: 0 })],
])

/** Each of them is put in front of the cache and behind it, alone and with compression on the other side. */
const middleware = new Map<string, express.RequestHandler>([
  [
    'express-session',
    session({
      secret: 'a',
      resave: true,
      saveUninitialized: true,
      genid: () => 'id',
      store: new MemoryStore(),
    }),
  ],
  ['cookie-session', withCookieSession],
  ['helmet', helmet()],
  ['cors', cors({ origin: 'https://other.example', credentials: true })],
  ['morgan', morgan('combined', { stream: { write: () => undefined } })],
  ['multer', multer().none()],
])

function withCookieSession(...[req, res, next]: Parameters<express.RequestHandler>): void {
  cookieSession({ keys: ['a'] })(req, res, (error?: unknown) => {
    Object.assign(req.session ?? {}, { visits: 1 })
    next(error)
  })
}

export const pairs: readonly LayerPair[] = [
  ...pairLayers([...layers.keys()]),
  ...[...middleware.keys()].flatMap((name): LayerPair[] => [
    [name, 'nothing'],
    ['nothing', name],
    [name, 'compression'],
    ['compression', name],
  ]),
]

/** `compression` does not call the callback of `write`, and sends no chunk at once. */
export const isUnanswered = ({ handler, front, behind }: Combination): boolean =>
  handler === withoutAnswer || (awaitsWrite(handler) && [front, behind].includes('compression'))

const layerOf = (name: string) => layers.get(name) ?? middleware.get(name) ?? []

/** Starts an application of a handler between two layers, with or without the cache. */
export const startNoting: StartNoting = async (
  { handler, front, behind },
  options,
): Promise<NotingApplication> => {
  const { note, takeNotes } = recordNotes()
  const app = express().use(layerOf(front))
  if (options !== undefined) app.use(httpCache(options))
  const answer: express.RequestHandler = (req, res, next) => {
    noteResponse(res, note)
    nodeHandlers.get(handler)?.(req, res, note)
    return expressHandlers[handler]?.(req, res, next)
  }
  app.use(layerOf(behind), answer)
  const failed: express.ErrorRequestHandler = (error, _req, res, _next) => {
    note(`failed: ${error.code ?? error.message}`)
    if (res.headersSent) res.destroy()
    else res.status(500).end('failed')
  }
  const { port, ...running } = await startServer(createServer(app.use(failed)))
  return { port, takeNotes, close: async () => running[Symbol.asyncDispose]() }
}
