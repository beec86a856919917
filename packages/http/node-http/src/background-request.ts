import { IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { HandlerRun, ResponseHints, ResponseObserver } from '@larder/http'
import type { ObservedSpan } from './observed-span'
import { applyChanges } from './request-changes'
import { ResponseTap } from './tap-response'

/** A request without a client: the application's response only refreshes the store. */
interface BackgroundRequest {
  /** The request has reached the cache: the response from here on counts. Returns the hints for the handler. */
  observe(res: ServerResponse, span: ObservedSpan): ResponseHints
}

const backgroundRequests = new WeakMap<IncomingMessage, BackgroundRequest>()

/** Undefined for a client's request. */
export function findBackgroundRequest(req: IncomingMessage): BackgroundRequest | undefined {
  return backgroundRequests.get(req)
}

/** Whether a copy of the request can be sent through the application: its server is known. */
export function canRunInBackground(req: IncomingMessage): boolean {
  return serverOf(req) !== undefined
}

/**
 * Sends a copy of a request through the whole application, without a client: middleware that authenticates and parses
 * runs as it did for the original. Only a response from behind the cache counts: if another layer answers, such as a
 * rate limiter, the run has failed.
 */
export function runInBackground(
  req: IncomingMessage,
  target: string,
  run: HandlerRun,
  observer: ResponseObserver,
): void {
  const copy = copyRequest(req, target, run.changes)
  const res = new ServerResponse(copy)
  let isObserved = false
  backgroundRequests.set(copy, {
    observe(tapped, span) {
      isObserved = true
      new ResponseTap(tapped, { isReplaceable: run.isReplaceable, ...span, observer })
      return run.hints
    },
  })
  const failUnobserved = () => {
    if (!isObserved) observer.abort()
    isObserved = true
  }
  res.once('finish', failUnobserved).once('close', failUnobserved)
  res.assignSocket(createSink())
  serverOf(req)?.emit('request', copy, res)
}

/** A socket that accepts everything and sends it nowhere. */
function createSink(): Socket {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
  const returnSink = () => sink
  return Object.assign(sink, {
    setTimeout: returnSink,
    setNoDelay: returnSink,
    setKeepAlive: returnSink,
  }) as unknown as Socket
}

function serverOf({ socket }: IncomingMessage): Server | undefined {
  return socket !== null && 'server' in socket ? (socket.server as Server) : undefined
}

function copyRequest(req: IncomingMessage, target: string, changes: HandlerRun['changes']): IncomingMessage {
  const copy = new IncomingMessage(req.socket)
  copy.method = 'GET'
  copy.url = target
  copy.httpVersion = req.httpVersion
  copy.httpVersionMajor = req.httpVersionMajor
  copy.httpVersionMinor = req.httpVersionMinor
  copy.headers = { ...req.headers }
  copy.rawHeaders = [...req.rawHeaders]
  applyChanges(copy, changes)
  copy.complete = true
  copy.push(null)
  return copy
}
