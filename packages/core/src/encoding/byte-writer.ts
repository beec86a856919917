/** Durations of at least this many ms (35 000 years) are stored as infinite. */
const infiniteDuration = 2 ** 50

/** Writes numbers and bytes sequentially into `bytes`, which must be large enough. */
export class ByteWriter {
  private position = 0

  constructor(private readonly bytes: Uint8Array) {}

  writeByte(value: number): void {
    this.bytes[this.position] = value
    this.position += 1
  }

  /** An unsigned integer in `length` bytes, big-endian. Exact up to 2^53. */
  writeUint(value: number, length: number): void {
    let rest = value
    for (let index = this.position + length - 1; index >= this.position; index -= 1) {
      this.bytes[index] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.position += length
  }

  /** An unsigned integer in as few bytes as possible, seven bits each (LEB128). */
  writeVarint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.writeByte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.writeByte(rest)
  }

  /** An integer as a varint, with its sign in the lowest bit (zigzag). */
  writeSigned(value: number): void {
    this.writeVarint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  /** Whole milliseconds; 0 encodes infinity. The lowest bit is set if the unit is seconds, so that an hour takes two bytes. */
  writeDuration(ms: number): void {
    const whole = Math.max(0, Math.round(ms))
    if (whole >= infiniteDuration) this.writeVarint(0)
    else this.writeVarint(whole % 1_000 === 0 ? (whole / 1_000) * 2 + 1 : (whole + 1) * 2)
  }

  /** Raw bytes, without a length prefix. */
  writeBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position)
    this.position += bytes.length
  }

  /** The bytes written so far. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.position)
  }
}

/** All parts in one new array. */
export function concatBytes(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}
