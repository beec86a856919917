import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { NodeHandler, Note } from './node-handler'

/** The note by which a handler asks its client to leave. */
export const begun = 'begun'

/** The last note of a handler whose client has left. Events of its request and its response may still follow. */
export const gone = 'gone'

const codeOf = (error: unknown) => (error as { code?: string } | null | undefined)?.code

/** In the next turn, so that the events of this one come first. */
const noteNext = (note: Note, observation: string) => void setImmediate(() => note(observation))

/** An abandoned handler: it begins its response, and goes on with it when its client has left. */
function abandoned(begin: (res: ServerResponse) => void): NodeHandler {
  return (req, res, note) => {
    noteRequest(req, note)
    begin(res)
    noteNext(note, begun)
    res.once('close', () => {
      note(`write ${res.write('late', (error) => note(`written ${codeOf(error)}`))}`)
      res.end('', 'utf8', (error?: unknown) => note(`ended ${codeOf(error)}`))
      noteNext(note, gone)
    })
  }
}

/** Reads a request to its end, and notes how it ends. */
function noteRequest(req: IncomingMessage, note: Note): void {
  for (const event of ['aborted', 'end', 'close'])
    req.on(event, () => note(`request ${event} complete=${req.complete}`))
  req.on('error', (error) => note(`request error ${codeOf(error)}`))
  req.resume()
}

/** A chunk each millisecond, until it is destroyed. The client is to leave when the first one has been written. */
function createEndless(note: Note): Readable {
  let count = 0
  return new Readable({
    highWaterMark: 1,
    read() {
      count += 1
      if (count === 3) note(begun)
      setTimeout(() => this.push('chunk '), 1)
    },
  })
}

/** Handlers whose client leaves before their response has ended, by name. */
export const abandonedHandlers: ReadonlyMap<string, NodeHandler> = new Map<string, NodeHandler>([
  ['left: before the head', abandoned(() => undefined)],
  ['left: after the head', abandoned((res) => res.flushHeaders())],
  ['left: within the body', abandoned((res) => res.write('one '))],
  [
    'left: a piped stream',
    (req, res, note) => {
      noteRequest(req, note)
      const source = createEndless(note).on('close', () => note('source closed'))
      source.pipe(res)
      res.once('close', () => {
        source.destroy()
        noteNext(note, gone)
      })
    },
  ],
  [
    'left: a pipeline',
    (req, res, note) => {
      noteRequest(req, note)
      pipeline(createEndless(note), res, (error) => {
        note(`pipeline ${codeOf(error)}`)
        noteNext(note, gone)
      })
    },
  ],
])

/** Whether the client of a handler leaves before the response has ended. */
export const isAbandoned = (handler: string) => handler.startsWith('left: ')
