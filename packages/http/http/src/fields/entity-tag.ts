const entityTagPattern = /(?:W\/)?"[^"]*"|[^\s,"]+/g

/** The entity tags of an `If-None-Match` or `If-Range` field. */
export function parseEntityTags(value: string): string[] {
  return value.match(entityTagPattern) ?? []
}

/** Weak comparison: equal apart from `W/` (RFC 9110 §8.8.3.2). */
export function weaklyEqual(a: string, b: string): boolean {
  return stripWeakness(a) === stripWeakness(b)
}

/** Strong comparison: equal, and neither is weak (RFC 9110 §8.8.3.2). */
export function stronglyEqual(a: string, b: string): boolean {
  return a === b && !a.startsWith('W/')
}

const stripWeakness = (tag: string) => tag.replace(/^W\//, '')

/** Makes a weak entity tag from the body's SHA-256. Weak, so that it survives compression on the way to the client. */
export function makeEntityTag(body: Uint8Array): string | Promise<string> {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  // Synchronous where possible: the response is then stored before the next request looks for it.
  if (crypto !== undefined) return formatWeakTag(crypto.createHash('sha256').update(body).digest())
  const digest = globalThis.crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)
  return digest.then((bytes) => formatWeakTag(new Uint8Array(bytes)))
}

const formatWeakTag = (digest: Uint8Array) => `W/"${btoa(String.fromCharCode(...digest.subarray(0, 15)))}"`
