import { sendRaw } from '@larder/testing/http'
import { expect } from 'vitest'
import { parseMeaning } from './meaning'
import type { Note } from './node-handlers'

/** A running application whose handler notes what it sees. */
export interface NotingApplication {
  readonly port: number
  /** The observations of the handler since the last call. */
  takeNotes(): string[]
  close(): Promise<void>
}

/** Everything that one request causes: the bytes that its client receives, and what the handler sees. */
export interface Outcome {
  readonly bytes: string
  readonly notes: readonly string[]
}

/** Sends a request without keep-alive, so that the end of the connection ends the response. */
export async function observeRequest(
  application: NotingApplication,
  method: string,
  fields: string,
): Promise<Outcome> {
  const length = method === 'POST' ? 'Content-Length: 0\n' : ''
  const text = `${method} /page HTTP/1.1\nHost: app.example\nConnection: close\n${length}${fields}\n`
  const received = await sendRaw(application.port, text, 'latin1').catch(
    (error: { code?: string }) => `error ${error.code}`,
  )
  // The handler's last events follow the end of the connection.
  await new Promise((resolve) => setImmediate(resolve))
  const bytes = received.replace(/^date: .*$/im, 'date: (now)')
  const notes = application.takeNotes()
  // The response to an unsafe request is held back until its invalidation is on record, so it may finish later.
  return { bytes, notes: method === 'POST' ? notes.sort() : notes }
}

/** Collects what a handler notes. */
export function recordNotes(): { readonly note: Note; takeNotes(): string[] } {
  let notes: string[] = []
  return {
    note: (observation) => void notes.push(observation),
    takeNotes() {
      const taken = notes
      notes = []
      return taken
    },
  }
}

/** Notes the events and the states of a response from the moment the handler receives it. */
export function noteResponse(
  res: NodeJS.WritableStream & { readonly headersSent?: boolean; readonly writableEnded?: boolean },
  note: Note,
): void {
  for (const event of ['finish', 'close', 'pipe', 'unpipe'])
    res.on(event, () => note(`${event} sent=${res.headersSent} ended=${res.writableEnded}`))
}

/** The field that the cache adds to every response it stores (RFC 9211 §2). */
export const addedWithoutRule = [/^cache-status: .*\r\n/gim]

/** All fields that the cache adds to a response it stores, each with the section that asks for it. */
export const addedByCache = [
  ...addedWithoutRule,
  /** RFC 9111 §5.2.2.4: clients revalidate. */
  /^cache-control: (?:private, )?no-cache\r\n/gim,
  /** RFC 9110 §8.8.3 */
  /^etag: W\/"[\w+/]{20}"\r\n/gim,
]

/** The differences that are allowed. */
interface AllowedDifferences {
  /** Fields that the cache adds. */
  readonly added: readonly RegExp[]
  readonly normalise?: ((bytes: string) => string) | undefined
  /** The response to GET. From the store, HEAD gets its fields, although some layers leave HEAD alone (RFC 9110 §9.3.2). */
  readonly page?: Outcome | undefined
}

/**
 * Expects that a client and the handler cannot tell the two apart, but for what is allowed. A stored response has the same
 * meaning, not the same form, and the handler does not see that it is sent.
 */
export function expectSame(
  actual: Outcome,
  expected: Outcome,
  { added, normalise = (bytes) => bytes, page = expected }: AllowedDifferences,
): void {
  if (/^cache-status: (?:.*, )?larder; (?:hit|fwd=stale)/im.test(actual.bytes)) {
    const meaning = parseMeaning(normalise(actual.bytes))
    const { body } = parseMeaning(normalise(expected.bytes))
    expect(meaning).toEqual({ ...parseMeaning(normalise(page.bytes)), body })
    return
  }
  expect(actual.notes).toEqual(expected.notes)
  // A field that the handler has sent itself must arrive.
  const absent = added.filter((pattern) => expected.bytes.search(pattern) < 0)
  const received = absent.reduce((text, pattern) => text.replace(pattern, ''), actual.bytes)
  expect(normalise(received)).toBe(normalise(expected.bytes))
}
