const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to here, in bytes, putting ASCII together by hand is faster than a call of the decoder. */
const shortText = 8

/**
 * Reads what a `ByteWriter` wrote. Every method throws a RangeError or TypeError where the bytes cannot be that.
 * A class, because every entry read makes one: methods are shared, closures would be made each time.
 */
export class ByteReader {
  position = 0

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const value = this.bytes[this.position]
    if (value === undefined) throw tooShort()
    this.position += 1
    return value
  }

  uint(length: number): number {
    let value = 0
    for (let at = 0; at < length; at += 1) value = value * 256 + this.byte()
    return safe(value)
  }

  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const next = this.byte()
      value = safe(value + (next % 128) * factor)
      if (next < 128) return value
      factor *= 128
    }
  }

  signed(): number {
    const written = this.varint()
    return written % 2 === 0 ? written / 2 : -(written + 1) / 2
  }

  duration(): number {
    const written = this.varint()
    if (written === 0) return Number.POSITIVE_INFINITY
    return written % 2 === 0 ? written / 2 - 1 : ((written - 1) / 2) * 1_000
  }

  /** UTF-8 of so many bytes. */
  text(length: number): string {
    const start = this.position
    const end = start + length
    if (end > this.bytes.length) throw tooShort()
    this.position = end
    const short = length > shortText ? undefined : ascii(this.bytes, start, end)
    return short ?? decoder.decode(this.bytes.subarray(start, end))
  }
}

function tooShort(): RangeError {
  return new RangeError('The bytes end too early.')
}

function safe(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new RangeError('The number is too large.')
}

function ascii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0
    if (code > 127) return undefined
    text += String.fromCharCode(code)
  }
  return text
}
