/** A copy of a body of limited size, collected while the body is sent. */
export interface BodyCopy {
  /** The bytes added so far; `undefined` once they exceed the limit. */
  readonly bytes: Uint8Array | undefined
  addChunk(chunk: Uint8Array): void
}

/** Collects a body of up to `limit` bytes. */
export function createBodyCopy(limit: number): BodyCopy {
  let chunks: Uint8Array[] = []
  let size = 0

  return {
    get bytes() {
      return size > limit ? undefined : concatBytes(chunks, size)
    },
    addChunk(chunk) {
      size += chunk.length
      if (size > limit) chunks = []
      // A copy, because the writer may reuse its buffer. The constructor, because `slice` of a Buffer does not copy.
      else chunks.push(new Uint8Array(chunk))
    },
  }
}

function concatBytes(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1) return only
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
