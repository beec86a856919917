import type { Sealer } from '../contracts/codec'
import { LarderError } from '../errors'

/** A key for sealing entries. */
export interface SealKey {
  /** Tells keys apart, 0 to 255. Never reuse one for another secret. */
  readonly id: number
  /** 32 bytes, or their base64. */
  readonly secret: Uint8Array | string
}

/** Options of {@link encryption} and {@link signature}. */
export interface SealOptions {
  /** The first key writes, all of them read: put a new key in front to rotate. */
  readonly keys: readonly SealKey[]
}

const nonceBytes = 12
const tagBytes = 32

/**
 * Encrypts payloads with AES-256-GCM (NIST SP 800-38D). Keys and tags of entries stay readable, because validity is
 * judged by them, but changing or moving them breaks the seal. Rotate a key before 2^32 writes: nonces are random.
 * @throws LarderError `BAD_OPTION` for a missing or malformed key.
 */
export function encryption(options: SealOptions): Sealer {
  const keyOf = keyring(options, { name: 'AES-GCM' }, ['encrypt', 'decrypt'])
  return {
    id: 1,
    async seal(bytes, context) {
      const { id, key } = await keyOf()
      const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: own(context) },
        key,
        own(bytes),
      )
      return joined([id], iv, new Uint8Array(sealed))
    },
    async open(bytes, context) {
      const { key } = await keyOf(bytes[0])
      const iv = own(bytes.subarray(1, 1 + nonceBytes))
      const body = own(bytes.subarray(1 + nonceBytes))
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: own(context) }, key, body),
      )
    },
  }
}

/**
 * Signs entries with HMAC-SHA-256 (RFC 2104): they stay readable, and cannot be changed or moved unnoticed.
 * @throws LarderError `BAD_OPTION` for a missing or malformed key.
 */
export function signature(options: SealOptions): Sealer {
  const keyOf = keyring(options, { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify'])
  return {
    id: 2,
    async seal(bytes, context) {
      const { id, key } = await keyOf()
      const mac = await crypto.subtle.sign('HMAC', key, message(bytes, context))
      return joined([id], new Uint8Array(mac), bytes)
    },
    async open(bytes, context) {
      const { key } = await keyOf(bytes[0])
      const mac = own(bytes.subarray(1, 1 + tagBytes))
      const body = bytes.subarray(1 + tagBytes)
      if (await crypto.subtle.verify('HMAC', key, mac, message(body, context))) return body
      throw new LarderError('BAD_ENTRY', 'The signature of the entry does not fit.')
    },
  }
}

/** Finds keys by their id; without one, the key that writes. */
function keyring(
  { keys }: SealOptions,
  algorithm: { name: string; hash?: string },
  uses: ('encrypt' | 'decrypt' | 'sign' | 'verify')[],
) {
  const [first] = keys
  if (first === undefined)
    throw new LarderError('BAD_OPTION', 'A sealer needs at least one key: { keys: [{ id: 1, secret }] }.')
  const imported = new Map<number, ReturnType<typeof crypto.subtle.importKey>>()
  for (const { id, secret } of keys) {
    const key = crypto.subtle.importKey('raw', secretBytes(id, secret), algorithm, false, uses)
    // Whoever seals or opens hears of a failure.
    key.catch(() => undefined)
    imported.set(id, key)
  }
  return async (id: number = first.id) => {
    const key = imported.get(id)
    if (key === undefined)
      throw new LarderError('BAD_ENTRY', `The entry was sealed with key ${id}, which is not among the keys.`)
    return { id, key: await key }
  }
}

function secretBytes(id: number, secret: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const bytes =
    typeof secret === 'string' ? Uint8Array.from(atob(secret), (char) => char.charCodeAt(0)) : own(secret)
  if (bytes.length === 32 && Number.isInteger(id) && id >= 0 && id <= 255) return bytes
  throw new LarderError(
    'BAD_OPTION',
    `Key ${id}: the secret has ${bytes.length} bytes. It needs 32, and an id from 0 to 255.`,
  )
}

/** The length goes first, so that no byte can move from the one part to the other. */
function message(bytes: Uint8Array, context: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, context.length)
  return joined(length, context, bytes)
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}

/** WebCrypto takes no view on memory that could be shared. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
