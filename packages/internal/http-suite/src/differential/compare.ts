import { sendRaw } from '@larder/testing/http'
import { expect } from 'vitest'
import { parseMeaning } from './meaning'
import type { Note } from './node-handler'

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

/** A response of the application with the cache, and that of the application without it. */
interface Comparison {
  readonly actual: Outcome
  readonly expected: Outcome
  /** The response to GET of the application without the cache: HEAD may have its fields. */
  readonly page: Outcome
  /** Lines that the cache may add. */
  readonly added: readonly RegExp[]
  readonly normalise: (bytes: string) => string
  /** The request and its rule, for the message. */
  readonly situation: string
}

/**
 * Expects that a client and the handler cannot tell the two apart, but for what {@link allowedDifferences} lists. A stored
 * response has the same meaning, not the same form, and the handler does not see that it is sent.
 */
export function expectSame({ actual, expected, page, added, normalise, situation }: Comparison): void {
  const received = withoutAdded(actual, expected, added)
  if (/^cache-status: (?:.*, )?larder; (?:hit|fwd=stale)/im.test(actual.bytes)) {
    const hit = parseMeaning(normalise(received))
    const meaning = parseMeaning(normalise(expected.bytes))
    const pageMeaning = parseMeaning(normalise(page.bytes))
    const { vary } = hit
    const namesAllOf = (fields: readonly string[]) => fields.every((field) => vary.includes(field))
    expect(
      [meaning, pageMeaning].some((own) => namesAllOf(own.vary)),
      `${situation}: Vary ${vary}`,
    ).toBe(true)
    expect(
      [
        { ...meaning, vary },
        { ...pageMeaning, vary, body: meaning.body },
      ],
      situation,
    ).toContainEqual(hit)
    return
  }
  expect(actual.notes, situation).toEqual(expected.notes)
  expect(normalise(received), situation).toBe(normalise(expected.bytes))
}

/** The bytes without the lines that the cache has added. A field that the handler has sent itself must arrive. */
function withoutAdded(actual: Outcome, expected: Outcome, added: readonly RegExp[]): string {
  const absent = added.filter((pattern) => expected.bytes.search(pattern) < 0)
  return absent.reduce((text, pattern) => text.replace(pattern, ''), actual.bytes)
}
