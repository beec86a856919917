import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SessionCookie } from './cookie-options'

/** An id of `createId`, and its HMAC-SHA256. */
const signedId = /^([\w-]{32})\.([\w-]{43})$/

/** The id in a cookie. */
interface ReceivedId {
  readonly id: string
  /** Whether an earlier secret than the first one signed it. */
  readonly hasOldSignature: boolean
}

/** The id in a `Cookie` field; undefined for none, and for one that was not signed here. */
export function readId({ name, secrets }: SessionCookie, field: string | undefined): ReceivedId | undefined {
  for (const pair of field?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== name) continue
    const [, id, signature] = signedId.exec(pair.slice(at + 1).trim()) ?? []
    if (id === undefined || signature === undefined) continue
    const signer = secrets.findIndex((secret) => isEqual(sign(name, id, secret), signature))
    if (signer >= 0) return { id, hasOldSignature: signer > 0 }
  }
  return undefined
}

/** The value of `Set-Cookie` that keeps an id. */
export function formatCookie({ name, secrets, attributes, maxAge }: SessionCookie, id: string): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`
  return `${name}=${id}.${sign(name, id, secrets[0] ?? '')}${attributes}${age}`
}

/** The value of `Set-Cookie` that removes the cookie. */
export function formatRemoval({ name, attributes }: SessionCookie): string {
  return `${name}=${attributes}; Max-Age=0`
}

/** With the name of the cookie, so that no other cookie of the same secret is taken for it. */
function sign(name: string, id: string, secret: string): string {
  return createHmac('sha256', secret).update(`${name}=${id}`).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
