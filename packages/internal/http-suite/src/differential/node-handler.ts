import type { IncomingMessage, ServerResponse } from 'node:http'

/** Notes what a handler sees of its own response: events, callbacks, states and errors. */
export type Note = (observation: string) => void

/** A handler in the style of `node:http`. */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse, note: Note) => void
