import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Cache } from '@larder/core'
import { begun, gone } from './abandoned-handlers'
import type { NotingApplication } from './compare'

const head = (...lines: string[]) => [...lines, 'Host: app.example', '', ''].join('\r\n')

/** Requests of clients that leave, by what they send. */
export const abandonedRequests = {
  'a GET': head('GET /page HTTP/1.1'),
  'a POST, within whose body they leave': `${head('POST /page HTTP/1.1', 'Content-Length: 10')}text`,
} as const

/**
 * All that handlers see of two clients that leave in turn, in any order: the second one may have waited for the response to
 * the first one, and its handler then begins when that one has left.
 */
export async function observeAbandoned(
  application: NotingApplication,
  cache: Cache,
  request: string,
): Promise<string[]> {
  const notes: string[] = []
  const count = (note: string) => notes.filter((other) => other === note).length
  const waitUntil = async (isReached: () => boolean) => {
    while (!isReached()) {
      await nextTurn()
      notes.push(...application.takeNotes())
    }
  }
  const first = await sendAndStay(application.port, request)
  await waitUntil(() => count(begun) === 1)
  const second = await sendAndStay(application.port, request)
  await waitUntil(() => count(begun) === 2 || cache.stats().joins === 1)
  first.destroy()
  await waitUntil(() => count(gone) === 1 && count(begun) === 2)
  second.destroy()
  await waitUntil(() => count(gone) === 2)
  // Events and callbacks follow the end of the response.
  await nextTurn()
  await nextTurn()
  return [...notes, ...application.takeNotes()].sort()
}

async function sendAndStay(port: number, request: string) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(request)
  return socket
}
