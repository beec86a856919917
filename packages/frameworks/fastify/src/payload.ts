import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Answer } from '@larder/http'

type StoredAnswer = Extract<Answer, { from: 'store' }>

/** Stands for a body that is not sent (HEAD, 304): text, and JSON, because hooks may parse it. */
const emptyPayload = '{}'

const textual = /^(?:text\/|application\/(?:.+\+)?(?:json|xml|javascript))/i

const decoders: Readonly<Record<string, (body: Uint8Array) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** The payloads of stored bodies: each is decoded once. */
const payloads = new WeakMap<Uint8Array, string | Buffer>()

/** An answer as `onSend` hooks know payloads: text as a string, without a content coding. */
export function payloadOf(answer: StoredAnswer): string | Buffer {
  const { body } = answer
  if (body === undefined) return emptyPayload
  const known = payloads.get(body)
  if (known !== undefined) return known
  const payload = decode(answer, body)
  payloads.set(body, payload)
  return payload
}

function decode({ status, fields }: StoredAnswer, body: Uint8Array): string | Buffer {
  const decompress = status === 206 ? undefined : decoders[String(fields['content-encoding'])]
  const bytes = decompress?.(body) ?? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return textual.test(String(fields['content-type'])) ? bytes.toString() : bytes
}
