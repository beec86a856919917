const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads what a `ByteWriter` wrote. Every method throws a RangeError or TypeError where the bytes cannot be that. */
export interface ByteReader {
  readonly position: number
  uint(length: number): number
  varint(): number
  duration(): number
  text(): string
}

/** Reads from the beginning of `bytes`. */
export function readBytes<T>(bytes: Uint8Array, read: (input: ByteReader) => T): T {
  let position = 0

  function byte(): number {
    const value = bytes[position]
    if (value === undefined) throw new RangeError('The bytes end too early.')
    position += 1
    return value
  }

  function safe(value: number): number {
    if (Number.isSafeInteger(value)) return value
    throw new RangeError('The number is too large.')
  }

  function varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const next = byte()
      value = safe(value + (next % 128) * factor)
      if (next < 128) return value
      factor *= 128
    }
  }

  return read({
    get position() {
      return position
    },
    uint(length) {
      let value = 0
      for (let at = 0; at < length; at += 1) value = value * 256 + byte()
      return safe(value)
    },
    varint,
    duration() {
      const written = varint()
      return written === 0 ? Number.POSITIVE_INFINITY : written - 1
    },
    text() {
      const end = varint() + position
      if (end > bytes.length) throw new RangeError('The text ends too early.')
      const text = decoder.decode(bytes.subarray(position, end))
      position = end
      return text
    },
  })
}
