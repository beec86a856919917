import { IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { HandlerRun, OriginResponse } from '@larder/http'
import { interceptResponse } from './intercepted-response'
import { applyChanges } from './message-fields'

/** A request without a client: the application's response only refreshes the store. */
interface BackgroundRequest {
  readonly run: HandlerRun
  resolve(head: Promise<OriginResponse>): void
}

const backgroundRequests = new WeakMap<IncomingMessage, BackgroundRequest>()

/** Undefined for a client's request. */
export function findBackgroundRequest(req: IncomingMessage): BackgroundRequest | undefined {
  return backgroundRequests.get(req)
}

/**
 * Makes a runner that sends a copy of a request through the whole application, without a client: middleware that
 * authenticates and parses runs as it did for the original. Undefined if the socket's server is unknown.
 */
export function createBackgroundRunner(
  req: IncomingMessage,
  target: string,
): ((run: HandlerRun) => Promise<OriginResponse>) | undefined {
  const server = serverOf(req)
  if (server === undefined) return undefined
  return (run) =>
    new Promise((resolve) => {
      const copy = copyRequest(req, target, run.changes)
      const res = new ServerResponse(copy)
      backgroundRequests.set(copy, { run, resolve })
      server.emit('request', copy, res)
    })
}

/** Intercepts the response to a background request and hands it to its {@link createBackgroundRunner}. */
export function interceptBackground({ resolve }: BackgroundRequest, res: ServerResponse): void {
  resolve(interceptResponse(res).head)
}

function serverOf({ socket }: IncomingMessage): Server | undefined {
  return 'server' in socket ? (socket.server as Server) : undefined
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
