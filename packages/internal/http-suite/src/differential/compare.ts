import { sendRaw } from '../client'
import type { Note } from './node-handlers'

/** A running application whose handler notes what it sees. */
export interface NotingApplication {
  readonly port: number
  /** The observations of the handler since the last call. */
  takeNotes(): string[]
  close(): Promise<void>
}

/** Everything that one request causes: the bytes that its client receives, and what the handler sees. */
interface Outcome {
  readonly bytes: string
  readonly notes: readonly string[]
}

/** The request of the comparison. Without keep-alive, so that the end of the connection ends the response. */
const requestText = (fields: string) =>
  `GET /page HTTP/1.1\nHost: app.example\nConnection: close\n${fields}\n`

export async function observeRequest(application: NotingApplication, fields: string): Promise<Outcome> {
  const received = await sendRaw(application.port, requestText(fields), 'latin1').catch(
    (error: { code?: string }) => `error ${error.code}`,
  )
  // The handler's last events follow the end of the connection.
  await new Promise((resolve) => setImmediate(resolve))
  const bytes = received.replace(/^date: .*$/im, 'date: (now)')
  return { bytes, notes: application.takeNotes() }
}

/** Notes the events and the states of a response from the moment the handler receives it. */
export function noteResponse(
  res: NodeJS.WritableStream & { readonly headersSent?: boolean; readonly writableEnded?: boolean },
  note: Note,
): void {
  for (const event of ['finish', 'close', 'pipe', 'unpipe'])
    res.on(event, () => note(`${event} sent=${res.headersSent} ended=${res.writableEnded}`))
}

/** Fields that the cache adds to a response it stores, each with the section that asks for it. */
const addedByCache = [
  /** RFC 9211 §2 */
  /^cache-status: .*\r\n/gim,
  /** RFC 9111 §5.2.2.4: clients revalidate. */
  /^cache-control: (?:private, )?no-cache\r\n/gim,
  /** RFC 9110 §8.8.3 */
  /^etag: W\/"[\w+/]{20}"\r\n/gim,
]

export function withoutAdded(bytes: string): string {
  return addedByCache.reduce((text, pattern) => text.replace(pattern, ''), bytes)
}
