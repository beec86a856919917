/** A copy of a body of limited size, collected while the body is sent. */
export interface BodyCopy {
  /** The complete body; `undefined` if it was cut off or is larger than the limit. */
  readonly whole: Promise<Uint8Array | undefined>
  addChunk(bytes: Uint8Array): void
  /** The last chunk has been added. */
  complete(): void
  /** The body was cut off. */
  abandon(): void
}

/** Collects a body of up to `limit` bytes. */
export function createBodyCopy(limit: number): BodyCopy {
  let chunks: Uint8Array[] = []
  let size = 0
  let settle: (whole: Uint8Array | undefined) => void = () => undefined
  const whole = new Promise<Uint8Array | undefined>((resolve) => {
    settle = resolve
  })

  function abandon(): void {
    chunks = []
    settle(undefined)
  }

  return {
    whole,
    addChunk(bytes) {
      size += bytes.length
      if (size > limit) abandon()
      // A copy, because the writer may reuse its buffer. The constructor, because `slice` of a Buffer does not copy.
      else chunks.push(new Uint8Array(bytes))
    },
    complete() {
      if (size > limit) abandon()
      else settle(concatBytes(chunks, size))
    },
    abandon,
  }
}

function concatBytes(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
