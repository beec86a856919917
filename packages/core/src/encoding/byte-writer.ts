const encoder = new TextEncoder()

/** Writes numbers and text one after the other. */
export interface ByteWriter {
  /** An unsigned integer in `length` bytes, big-endian. Exact up to 2^53. */
  uint(value: number, length: number): void
  /** An unsigned integer in as few bytes as it needs, seven bits each (LEB128). */
  varint(value: number): void
  /** Whole milliseconds; 0 means without end. */
  duration(ms: number): void
  /** UTF-8 with its length before it. */
  text(text: string): void
}

/** Lets `write` fill at most `capacity` bytes and returns those that were filled. */
export function writeBytes(capacity: number, write: (out: ByteWriter) => void): Uint8Array {
  const bytes = new Uint8Array(capacity)
  let position = 0

  function varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      bytes[position++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    bytes[position++] = rest
  }

  write({
    uint(value, length) {
      let rest = value
      for (let at = position + length - 1; at >= position; at -= 1) {
        bytes[at] = rest % 256
        rest = Math.floor(rest / 256)
      }
      position += length
    },
    varint,
    duration: (ms) => varint(ms === Number.POSITIVE_INFINITY ? 0 : Math.max(0, Math.round(ms)) + 1),
    text(text) {
      const encoded = encoder.encode(text)
      varint(encoded.length)
      bytes.set(encoded, position)
      position += encoded.length
    },
  })
  return bytes.subarray(0, position)
}
