import { describeValue } from '../arguments/describe-value'
import type { Sealer } from '../contracts/codec'
import { LarderError } from '../errors'
import { concatBytes } from './byte-writer'

/** A secret key for sealing entries. */
export interface SealKey {
  /** Identifies the key in sealed entries, 0 to 255. Never reuse an id for another secret. */
  readonly id: number
  /** 32 bytes, or their base64 encoding. */
  readonly secret: Uint8Array | string
}

/** Options of {@link encryption} and {@link signature}. */
export interface SealOptions {
  /** The first key seals, all of them open: prepend a new key to rotate. */
  readonly keys: readonly SealKey[]
}

const nonceBytes = 12
const macBytes = 32

/**
 * Encrypts payloads with AES-256-GCM (NIST SP 800-38D). Keys and tags of entries stay readable, because validity depends
 * on them, but are authenticated. Rotate a key before 2^32 writes, because nonces are random.
 * @throws LarderError `BAD_OPTION` for a missing or malformed key, two keys of one id, or a secret of zeros.
 */
export function encryption(options: SealOptions): Sealer {
  const findKey = createKeyring(options, { name: 'AES-GCM' }, ['encrypt', 'decrypt'])
  return {
    id: 1,
    async seal(bytes, context) {
      const { id, key } = await findKey()
      const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: copyBytes(context) },
        key,
        copyBytes(bytes),
      )
      return concatBytes([id], iv, new Uint8Array(sealed))
    },
    async open(bytes, context) {
      const { key } = await findKey(bytes[0])
      const iv = copyBytes(bytes.subarray(1, 1 + nonceBytes))
      const body = copyBytes(bytes.subarray(1 + nonceBytes))
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: copyBytes(context) }, key, body),
      )
    },
  }
}

/**
 * Signs entries with HMAC-SHA-256 (RFC 2104): they stay readable, but changes and moves are detected.
 * @throws LarderError `BAD_OPTION` for a missing or malformed key, two keys of one id, or a secret of zeros.
 */
export function signature(options: SealOptions): Sealer {
  const findKey = createKeyring(options, { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify'])
  return {
    id: 2,
    async seal(bytes, context) {
      const { id, key } = await findKey()
      const mac = await crypto.subtle.sign('HMAC', key, signedMessage(bytes, context))
      return concatBytes([id], new Uint8Array(mac), bytes)
    },
    async open(bytes, context) {
      const { key } = await findKey(bytes[0])
      const mac = copyBytes(bytes.subarray(1, 1 + macBytes))
      const body = bytes.subarray(1 + macBytes)
      if (await crypto.subtle.verify('HMAC', key, mac, signedMessage(body, context))) return body
      throw new LarderError('BAD_ENTRY', 'The signature of the entry is invalid.')
    },
  }
}

/** Returns a function that finds a key by its id, or the sealing key if no id is given. */
function createKeyring(
  options: SealOptions,
  algorithm: { name: string; hash?: string },
  uses: ('encrypt' | 'decrypt' | 'sign' | 'verify')[],
) {
  const keys: readonly SealKey[] = Array.isArray(options?.keys) ? options.keys : []
  const [first] = keys
  if (first === undefined) throw badKeys('needs at least one key: { keys: [{ id: 1, secret }] }')
  const imported = new Map<number, ReturnType<typeof crypto.subtle.importKey>>()
  for (const { id, secret } of keys) {
    if (imported.has(id)) throw badKeys(`has two keys with the id ${id}. Give each secret an id of its own`)
    const key = crypto.subtle.importKey('raw', decodeSecret(id, secret), algorithm, false, uses)
    // A failed import rejects the calls that use the key; do not report it as unhandled as well.
    key.catch(() => undefined)
    imported.set(id, key)
  }
  return async (id: number = first.id) => {
    const key = imported.get(id)
    if (key === undefined)
      throw new LarderError('BAD_ENTRY', `The entry was sealed with key ${id}, which is not configured.`)
    return { id, key: await key }
  }
}

/** @throws LarderError `BAD_OPTION` for anything but 32 bytes that are not all zero. */
function decodeSecret(id: number, secret: Uint8Array | string): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(id) || id < 0 || id > 255)
    throw badKeys(`identifies keys by a whole number from 0 to 255; got ${describeValue(id)}`)
  const bytes = typeof secret === 'string' ? decodeBase64(secret) : secret
  const length = ArrayBuffer.isView(bytes) ? bytes.byteLength : 0
  if (length !== 32) throw badKeys(`needs 32 bytes of secret, or their base64; key ${id} has ${length} bytes`)
  if (bytes.every((byte) => byte === 0))
    throw badKeys(`needs a secret; that of key ${id} is nothing but zeros. Write \`openssl rand -base64 32\``)
  return copyBytes(bytes)
}

/** No bytes for a text that is not base64. */
function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

/** `problem` continues the sentence "A sealer …". Never shows a secret. */
function badKeys(problem: string): LarderError {
  return new LarderError('BAD_OPTION', `A sealer ${problem}.`)
}

/** The signed message. The length of the context comes first, so that bytes cannot be shifted between the two parts. */
function signedMessage(bytes: Uint8Array, context: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, context.length)
  return concatBytes(length, context, bytes)
}

/** A copy in unshared memory: WebCrypto does not accept views of a SharedArrayBuffer. */
function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
