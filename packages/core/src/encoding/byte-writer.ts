/** From here on, in ms, a duration is without end: 35 000 years. */
const endless = 2 ** 50

/** Writes numbers and text one after the other into `bytes`, which must have room for them. */
export class ByteWriter {
  private position = 0

  constructor(private readonly bytes: Uint8Array) {}

  byte(value: number): void {
    this.bytes[this.position] = value
    this.position += 1
  }

  /** An unsigned integer in `length` bytes, big-endian. Exact up to 2^53. */
  uint(value: number, length: number): void {
    let rest = value
    for (let at = this.position + length - 1; at >= this.position; at -= 1) {
      this.bytes[at] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.position += length
  }

  /** An unsigned integer in as few bytes as it needs, seven bits each (LEB128). */
  varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** An integer, as a varint with its sign in the lowest bit. */
  signed(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  /** Whole milliseconds; without end is 0. The lowest bit says whether they are counted in seconds: an hour takes two bytes. */
  duration(ms: number): void {
    const whole = Math.max(0, Math.round(ms))
    if (whole >= endless) this.varint(0)
    else this.varint(whole % 1_000 === 0 ? (whole / 1_000) * 2 + 1 : (whole + 1) * 2)
  }

  /** Bytes as they are, with nothing to say how many. */
  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position)
    this.position += bytes.length
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.position)
  }
}
