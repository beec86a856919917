import type { IncomingMessage } from 'node:http'
import type { HandlerRun } from '@larder/http'

/** Changes the request fields that the handler sees. */
export function applyChanges(req: IncomingMessage, changes: HandlerRun['changes']): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete req.headers[name]
    else req.headers[name] = value
  }
}
