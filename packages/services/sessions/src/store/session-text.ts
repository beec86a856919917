import type { Fields, StoredSession } from './session-store'

/**
 * A session in Redis is a text: `EPOCH USED CREATED ENDS USER LABEL NAME VALUE NAME VALUE …` and a line feed, then the user,
 * the label, and the data as a JSON object. EPOCH is the id of the epoch in which it was written, the next three are times in
 * ms of the server's clock unless the caller has one, and all others are lengths in bytes: of the user, the label, and the
 * JSON of each field's name and value. So a reader parses the data as a whole, and a script finds each field without parsing.
 *
 * A tombstone is `ended`, or `renewed` and the handle under which the session goes on.
 */
export interface SessionText extends StoredSession {
  readonly epoch: string
  readonly endsAt: number
}

const lineFeed = 10

/** Undefined for a tombstone. Without fields, the text may end before them. */
export function parseSession(bytes: Buffer): SessionText | undefined {
  const head = bytes.indexOf(lineFeed)
  if (head === -1) return undefined
  const words = bytes.toString('latin1', 0, head).split(' ')
  const [epoch = '', used, created, ends] = words
  const text = bytes.toString()
  // Lengths in bytes are those of the text if all of it is ASCII.
  const isAscii = text.length === bytes.length
  let at = head + 1
  function take(length: number): string {
    const start = at
    at += length
    return isAscii ? text.slice(start, at) : bytes.toString('utf8', start, at)
  }
  const user = take(Number(words[4]))
  const label = take(Number(words[5]))
  const fields = new Map<string, string>()
  for (let index = 6; index < words.length; index += 2) {
    at += 1
    const name = take(Number(words[index]))
    at += 1
    fields.set(name, take(Number(words[index + 1])))
  }
  return {
    epoch,
    endsAt: Number(ends),
    lastUsedAt: Number(used),
    createdAt: Number(created),
    user: user || undefined,
    label: label || undefined,
    fields,
  }
}

/** The text of a session after its times: the part that its writer knows. */
export function formatRest(user: string, label: string, fields: Fields): string {
  let lengths = `${Buffer.byteLength(user)} ${Buffer.byteLength(label)}`
  for (const [name, json] of fields) lengths += ` ${Buffer.byteLength(name)} ${Buffer.byteLength(json)}`
  return ` ${lengths}\n${user}${label}${toJson(fields)}`
}

/** The JSON object of fields. */
export function toJson(fields: Fields): string {
  let members = ''
  for (const [name, json] of fields) members += `${members && ','}${name}:${json}`
  return `{${members}}`
}
