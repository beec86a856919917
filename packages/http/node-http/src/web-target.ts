import type { IncomingMessage } from 'node:http'

/** Why a request cannot be handed to a web-standard handler. */
export interface Refusal {
  readonly status: 400 | 405
  readonly reason: string
}

/** A host with an optional port (RFC 9110 §4.2.3), without characters that would end it in a URL. */
const hostPattern = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/** The fetch standard has no requests of these methods. */
const forbiddenMethods = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Why a request must not become one with a URL, or undefined. The URL is made of the host and the target of the request,
 * and must have the path that guards in front of the handler have seen: `Host: a/keys?` or `/health/../keys` would change
 * it.
 */
export function refusalOf(req: IncomingMessage): Refusal | undefined {
  const { method = 'GET', url = '/', headers } = req
  if (forbiddenMethods.has(method)) return { status: 405, reason: `${method} is not allowed.` }
  const authority = headers[':authority'] as string | undefined
  const host = authority ?? headers.host
  if (host !== undefined && !hostPattern.test(host)) return { status: 400, reason: 'The host is malformed.' }
  if (authority !== undefined && headers.host !== undefined && headers.host !== authority)
    return { status: 400, reason: 'Host and :authority differ.' }
  const [path = ''] = url.split(/[?#]/, 1)
  if (!path.startsWith('/') || new URL(`http://host${path}`).pathname !== path)
    return {
      status: 400,
      reason: 'The path must be absolute, percent-encoded, and without "." and ".." segments.',
    }
  return undefined
}
