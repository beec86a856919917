import type { Sealer } from '../contracts/codec'
import type { EntryCodec, EntryCodecOptions, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { Entry } from '../entry/entry'
import { isThenable, type MaybePromise } from '../maybe-promise'
import { concatBytes } from './concat-bytes'
import { decodeHeader, encodeHeader } from './envelope'
import { createPayloadCodec, type EncodedPayload, unreadableResult } from './payload-codec'

/** Creates the codec of entries: serializes, compresses, seals and adds the header. Set it as `createCodec` of a shared tier. */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { cacheName, sealer, maxSize } = options
  const payloads = createPayloadCodec(options)
  const sealerId = sealer?.id ?? 0

  function wrapPayload(entry: Entry, { body, format }: EncodedPayload): MaybePromise<Uint8Array> {
    const head = encodeHeader(entry, { ...format, sealer: sealerId })
    return sealer === undefined ? concatBytes(head, body) : sealPayload(sealer, entry.key, head, body)
  }

  async function sealPayload(
    usedSealer: Sealer,
    key: string,
    head: Uint8Array,
    body: Uint8Array,
  ): Promise<Uint8Array> {
    return concatBytes(head, await usedSealer.seal(body, sealContext(cacheName, key, head)))
  }

  async function openPayload(usedSealer: Sealer, header: EntryHeader): Promise<ValueResult> {
    const { key, bytes, payloadAt } = header
    let body: Uint8Array
    try {
      body = await usedSealer.open(
        bytes.subarray(payloadAt),
        sealContext(cacheName, key, bytes.subarray(0, payloadAt)),
      )
    } catch {
      return unreadableResult('seal-broken')
    }
    return payloads.decodePayload(body, header)
  }

  return {
    encode(entry) {
      const payload = payloads.encodePayload(entry)
      return isThenable(payload)
        ? payload.then((encoded) => wrapPayload(entry, encoded))
        : wrapPayload(entry, payload)
    },

    readHeader(bytes, key) {
      try {
        const header = decodeHeader(bytes, key)
        if (typeof header === 'string') return unreadableResult(header)
        if (header.format.size > maxSize) return unreadableResult('too-large')
        if (header.format.sealer !== sealerId) return unreadableResult('seal-broken')
        return payloads.supportsFormat(header.format)
          ? { ok: true, header }
          : unreadableResult('unknown-codec')
      } catch {
        return unreadableResult('garbage')
      }
    },

    decodeValue(header) {
      if (sealer !== undefined) return openPayload(sealer, header)
      return payloads.decodePayload(header.bytes.subarray(header.payloadAt), header)
    },
  }
}

/** Data authenticated with the payload: the header, and the cache name and key, of which the header has only a hash. */
function sealContext(cacheName: string, key: string, head: Uint8Array): Uint8Array {
  return concatBytes(new TextEncoder().encode(JSON.stringify([cacheName, key])), head)
}
