import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Query } from './database'
import { createRemoteQuery } from './remote-query'

/** The database in a thread of its own: a query keeps the application waiting, as a real one does, and not its event loop. */
export async function startDatabaseThread(): Promise<{ query: Query; close(): Promise<unknown> }> {
  const thread = new Worker(new URL('database-worker.js', import.meta.url))
  await once(thread, 'message')
  const { query, receive } = createRemoteQuery((request) => thread.postMessage(request))
  thread.on('message', receive)
  return { query, close: () => thread.terminate() }
}
