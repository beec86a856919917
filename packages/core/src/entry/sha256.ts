import { LarderError } from '../errors'

/**
 * SHA-256 of a text's UTF-16 code units, in hexadecimal: defined for text without a UTF-8 form as well.
 * @throws LarderError `BAD_KEY` in a runtime without `node:crypto`: WebCrypto is asynchronous.
 */
export function sha256Hex(text: string): string {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (crypto !== undefined) return crypto.createHash('sha256').update(text, 'utf16le').digest('hex')
  throw new LarderError(
    'BAD_KEY',
    'Long keys and namespaces, and keys with lone surrogates, are hashed by node:crypto, which this runtime lacks. Give wrap a shorter `key`.',
  )
}
