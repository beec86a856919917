import { IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { HandlerRun, OriginResponse } from '@larder/http'
import { holdResponse } from './held-response'

/** A request that nobody made: the application answers it into the cache. */
interface Rerun {
  readonly run: HandlerRun
  resolve(head: Promise<OriginResponse>): void
}

const reruns = new WeakMap<IncomingMessage, Rerun>()

/** How requests that pass through the cache once more are told apart: undefined for a client's own. */
export function rerunOf(req: IncomingMessage): Rerun | undefined {
  return reruns.get(req)
}

/**
 * Sends a copy of a request through the whole application again, with nobody waiting for the answer: what authenticates
 * and parses runs as it did for the client.
 */
export function createRerun(
  req: IncomingMessage,
  target: string,
): ((run: HandlerRun) => Promise<OriginResponse>) | undefined {
  const server = serverOf(req)
  if (server === undefined) return undefined
  return (run) =>
    new Promise((resolve) => {
      const copy = copyOf(req, target, run.changes)
      const res = new ServerResponse(copy)
      reruns.set(copy, { run, resolve })
      server.emit('request', copy, res)
    })
}

/** Holds the response to a rerun, so that the application's answer comes out at {@link createRerun}. */
export function takeRerun({ resolve }: Rerun, res: ServerResponse): void {
  resolve(holdResponse(res).head)
}

function serverOf({ socket }: IncomingMessage): Server | undefined {
  return 'server' in socket ? (socket.server as Server) : undefined
}

function copyOf(req: IncomingMessage, target: string, changes: HandlerRun['changes']): IncomingMessage {
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

/** Shows the handler other fields than the client sent. */
export function applyChanges(req: IncomingMessage, changes: HandlerRun['changes']): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete req.headers[name]
    else req.headers[name] = value
  }
}
