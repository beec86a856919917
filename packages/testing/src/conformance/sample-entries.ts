/** The bytes of an entry as a shared tier sees them: a position in eight bytes, then the content. */
export function createEntry(position: number, content: string | Uint8Array = 'content'): Uint8Array {
  const payload = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const bytes = new Uint8Array(8 + payload.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  bytes.set(payload, 8)
  return bytes
}

/** The content of an entry as text. */
export function decodeContent(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes.subarray(8))
}

/** Names that a store may confuse if it escapes or encodes them incorrectly. */
export const awkwardNames: readonly string[] = [
  'a',
  'A',
  'a b',
  'a:b',
  'a{b}c',
  '{}',
  '*',
  '?[x]',
  '\\',
  '"',
  "'",
  '\n',
  '\u0000',
  '\u0001',
  'ключ',
  '😀',
  'e\u0301',
  '\u00e9',
  'x'.repeat(1_000),
]
