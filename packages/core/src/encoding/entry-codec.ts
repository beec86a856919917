import type { Sealer } from '../contracts/codec'
import type { EntryCodec, EntryCodecOptions, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { Entry } from '../entry/entry'
import { isThenable, type MaybePromise } from '../maybe-promise'
import { decodeHeader, encodeHeader } from './envelope'
import { createPayloadCodec, type Packed, unreadable } from './payload-codec'

/** Puts payload, seal and envelope together. */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { cacheName, sealer, maxSize } = options
  const payloads = createPayloadCodec(options)
  const sealerId = sealer?.id ?? 0

  function enveloped(entry: Entry, { body, format }: Packed): MaybePromise<Uint8Array> {
    const head = encodeHeader(entry, { ...format, sealer: sealerId })
    return sealer === undefined ? concat(head, body) : sealed(sealer, entry.key, head, body)
  }

  async function sealed(by: Sealer, key: string, head: Uint8Array, body: Uint8Array): Promise<Uint8Array> {
    return concat(head, await by.seal(body, contextOf(cacheName, key, head)))
  }

  async function opened(by: Sealer, header: EntryHeader): Promise<ValueResult> {
    const { key, bytes, payloadAt } = header
    let body: Uint8Array
    try {
      body = await by.open(bytes.subarray(payloadAt), contextOf(cacheName, key, bytes.subarray(0, payloadAt)))
    } catch {
      return unreadable('seal-broken')
    }
    return payloads.unpack(body, header)
  }

  return {
    encode(entry) {
      const packed = payloads.pack(entry)
      return isThenable(packed) ? packed.then((ready) => enveloped(entry, ready)) : enveloped(entry, packed)
    },

    readHeader(bytes, key) {
      try {
        const header = decodeHeader(bytes, key)
        if (typeof header === 'string') return unreadable(header)
        if (header.format.size > maxSize) return unreadable('too-large')
        if (header.format.sealer !== sealerId) return unreadable('seal-broken')
        return payloads.knows(header.format) ? { ok: true, header } : unreadable('unknown-codec')
      } catch {
        return unreadable('garbage')
      }
    },

    decodeValue(header) {
      if (sealer !== undefined) return opened(sealer, header)
      return payloads.unpack(header.bytes.subarray(header.payloadAt), header)
    },
  }
}

/** What a seal covers besides the payload: the header, and whose entry it is, of which the header has but a hash. */
function contextOf(cacheName: string, key: string, head: Uint8Array): Uint8Array {
  return concat(new TextEncoder().encode(JSON.stringify([cacheName, key])), head)
}

function concat(head: Uint8Array, body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + body.length)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}
