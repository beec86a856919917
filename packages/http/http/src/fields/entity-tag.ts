const tag = /(?:W\/)?"[^"]*"|[^\s,"]+/g

/** The entity tags of an `If-None-Match` or `If-Range` field. */
export function parseEntityTags(value: string): string[] {
  return value.match(tag) ?? []
}

/** RFC 9110 §8.8.3.2: equal but for the mark of weakness. */
export function weaklyEqual(a: string, b: string): boolean {
  return opaque(a) === opaque(b)
}

/** RFC 9110 §8.8.3.2: equal, and neither is weak. */
export function stronglyEqual(a: string, b: string): boolean {
  return a === b && !a.startsWith('W/')
}

const opaque = (text: string) => text.replace(/^W\//, '')

/** A weak tag of this body: what encodes it on its way to the client (compression) need not know of it. */
export function entityTagOf(body: Uint8Array): string | Promise<string> {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  // At once where that can be had: whoever asks next finds the response stored.
  if (crypto !== undefined) return tagOf(crypto.createHash('sha256').update(body).digest())
  const digest = globalThis.crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)
  return digest.then((bytes) => tagOf(new Uint8Array(bytes)))
}

const tagOf = (digest: Uint8Array) => `W/"${btoa(String.fromCharCode(...digest.subarray(0, 15)))}"`
