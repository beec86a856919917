const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to this length, in bytes, decoding ASCII by hand is faster than a call of TextDecoder. */
const maxAsciiLength = 8

/**
 * Reads bytes written by a `ByteWriter`. Every method throws a RangeError or TypeError for malformed input.
 * A class, because one is created for every entry read, and methods are shared while closures are not.
 */
export class ByteReader {
  position = 0

  constructor(private readonly bytes: Uint8Array) {}

  readByte(): number {
    const value = this.bytes[this.position]
    if (value === undefined) throw endOfBytes()
    this.position += 1
    return value
  }

  readUint(length: number): number {
    let value = 0
    for (let index = 0; index < length; index += 1) value = value * 256 + this.readByte()
    return requireSafe(value)
  }

  readVarint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const next = this.readByte()
      value = requireSafe(value + (next % 128) * factor)
      if (next < 128) return value
      factor *= 128
    }
  }

  readSigned(): number {
    const encoded = this.readVarint()
    return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2
  }

  readDuration(): number {
    const encoded = this.readVarint()
    if (encoded === 0) return Number.POSITIVE_INFINITY
    return encoded % 2 === 0 ? encoded / 2 - 1 : ((encoded - 1) / 2) * 1_000
  }

  skip(length: number): void {
    const end = this.position + length
    if (end > this.bytes.length) throw endOfBytes()
    this.position = end
  }

  /** A string of `length` bytes of UTF-8. */
  readText(length: number): string {
    const start = this.position
    const end = start + length
    if (end > this.bytes.length) throw endOfBytes()
    this.position = end
    const ascii = length > maxAsciiLength ? undefined : decodeAscii(this.bytes, start, end)
    return ascii ?? decoder.decode(this.bytes.subarray(start, end))
  }
}

function endOfBytes(): RangeError {
  return new RangeError('Unexpected end of bytes.')
}

function requireSafe(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new RangeError('The number exceeds 2^53.')
}

function decodeAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  for (let index = start; index < end; index += 1) {
    const code = bytes[index] ?? 0
    if (code > 127) return undefined
    text += String.fromCharCode(code)
  }
  return text
}
