import type { Sealer } from '../contracts/codec'
import type { EntryCodec, EntryCodecOptions, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { Entry } from '../entry/entry'
import { isThenable, type MaybePromise } from '../maybe-promise'
import { concatBytes } from './byte-writer'
import { exceedsRatio } from './compression'
import { decodeHeader, encodeHeader } from './envelope'
import {
  createPayloadDecoder,
  createPayloadEncoder,
  type EncodedPayload,
  unreadableResult,
} from './payload-codec'

/**
 * Creates the codec of entries, which serializes, compresses, seals and adds the header. A shared tier sets it as its
 * `createCodec`.
 */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { sealer, maxSize } = options
  const { encodePayload } = createPayloadEncoder(options)
  const { decodePayload, supportsFormat } = createPayloadDecoder(options)
  const seal = sealer && createSeal(sealer, options)
  const sealerId = sealer?.id ?? 0

  function wrapPayload(entry: Entry, { body, format }: EncodedPayload): MaybePromise<Uint8Array> {
    const head = encodeHeader(entry, { ...format, sealer: sealerId })
    if (seal === undefined) return concatBytes(head, body)
    return seal.sealBody(entry.key, head, body).then((sealed) => concatBytes(head, sealed))
  }

  function isTooLarge({ format, bytes, payloadAt }: EntryHeader): boolean {
    return format.size > maxSize || exceedsRatio(format.size, bytes.length - payloadAt)
  }

  async function decodeSealed(header: EntryHeader, body: Promise<Uint8Array>): Promise<ValueResult> {
    let opened: Uint8Array
    try {
      opened = await body
    } catch {
      return unreadableResult('seal-broken')
    }
    return decodePayload(opened, header)
  }

  return {
    encode(entry) {
      const payload = encodePayload(entry)
      return isThenable(payload)
        ? payload.then((encoded) => wrapPayload(entry, encoded))
        : wrapPayload(entry, payload)
    },

    readHeader(bytes, key) {
      try {
        const header = decodeHeader(bytes, key)
        if (typeof header === 'string') return unreadableResult(header)
        if (isTooLarge(header)) return unreadableResult('too-large')
        if (header.format.sealer !== sealerId) return unreadableResult('seal-broken')
        return supportsFormat(header.format) ? { ok: true, header } : unreadableResult('unknown-codec')
      } catch {
        return unreadableResult('garbage')
      }
    },

    decodeValue(header) {
      if (seal !== undefined) return decodeSealed(header, seal.openBody(header))
      return decodePayload(header.bytes.subarray(header.payloadAt), header)
    },
  }
}

/** Seals and opens payloads, bound to the header, the key, the name of the cache and its place. */
function createSeal(sealer: Sealer, { place, cacheName }: EntryCodecOptions) {
  /** Authenticated with the payload: place, cache name and key, of which the header has only a hash, and the header. */
  function contextOf(key: string, head: Uint8Array): Uint8Array {
    return concatBytes(new TextEncoder().encode(JSON.stringify([place, cacheName, key])), head)
  }

  return {
    sealBody: async (key: string, head: Uint8Array, body: Uint8Array): Promise<Uint8Array> =>
      sealer.seal(body, contextOf(key, head)),
    openBody: async ({ key, bytes, payloadAt }: EntryHeader): Promise<Uint8Array> =>
      sealer.open(bytes.subarray(payloadAt), contextOf(key, bytes.subarray(0, payloadAt))),
  }
}
